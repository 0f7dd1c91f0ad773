// The phone: which chat is open, what is in it, and what one does there.

import { avatar, bubble, el, paintAvatar, preview } from './chat.js';
import { composer } from './composer.js';
import * as panel from './panel.js';
import { clock, day, language, members, say, setLanguage, translate } from './words.js';

const $ = (selector) => document.querySelector(selector);
const asked = new URLSearchParams(location.search);

const state = {
  me: Number(asked.get('as')) || Number(localStorage.getItem('as')) || null,
  open: asked.get('chat'),
  people: [],
  chats: [],
  /** Messages by chat, each a map by id in order of arrival. */
  messages: new Map(),
  /** The newest id seen, by chat. */
  seen: new Map(),
  facts: [],
  actions: [],
  network: 'up',
  source: null,
};

const chatOf = (key) => state.chats.find((chat) => chat.key === key);
const current = () => chatOf(state.open);
const messagesOf = (key) => state.messages.get(key) ?? new Map();
const visible = (key) => [...messagesOf(key).values()].filter((message) => !message.deleted);

async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ as: state.me, chat: state.open, ...body }),
  });
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({ code: 'failed' }));
  if (!response.ok) throw new Error(say(`error.${answer.code}`));
  return answer;
}

const tell = (promise) => promise.catch((error) => toast(error.message));

let toastTimer = 0;
function toast(text) {
  const node = $('#toast');
  node.textContent = text;
  node.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { node.hidden = true; }, 4000);
}

function alertBox(text) {
  const box = $('#alert');
  box.querySelector('p').textContent = text;
  box.showModal();
}

const hooks = {
  command: (text) => tell(post('demo/send', { text })),
  copy: (text) => navigator.clipboard.writeText(text).then(() => toast(say('copied'))),
  grown: () => keepDown(),
  reply: (message) => input.reply(message),
  show: (id) => {
    const node = $('#log').querySelector(`[data-id="${id}"]`);
    node?.scrollIntoView({ block: 'center', behavior: 'smooth' });
    node?.classList.add('shown');
    setTimeout(() => node?.classList.remove('shown'), 1500);
  },
  press: async (message, index, key) => {
    key.classList.add('busy');
    try {
      const answer = await post('demo/press', { chat: message.chat, message: message.id, index });
      if (answer === null) toast(say('noAnswer'));
      else if (answer.text && answer.show_alert) alertBox(answer.text);
      else if (answer.text) toast(answer.text);
    } catch (error) {
      toast(error.message);
    } finally {
      key.classList.remove('busy');
    }
  },
};

const input = composer({ post, tell, toast, current, me: () => state.me });

/* The newest message stays in view as long as one is there. */
let down = true;
const log = $('#log');
log.addEventListener('scroll', () => {
  down = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  if (down) markSeen();
  showDown();
});
function keepDown() {
  if (down) log.scrollTop = log.scrollHeight;
}
// The line of writing grows, a bar comes and goes: the newest message must not slip behind it.
new ResizeObserver(keepDown).observe(log);
function showDown() {
  const unread = visible(state.open).filter((m) => !m.out && m.id > (state.seen.get(state.open) ?? 0)).length;
  $('#down').hidden = down;
  badge($('#down .badge'), unread);
}
$('#down').addEventListener('click', () => { log.scrollTop = log.scrollHeight; });

function badge(node, count) {
  node.hidden = count === 0;
  node.textContent = count > 99 ? '99+' : String(count);
}

function markSeen() {
  const newest = Math.max(0, ...messagesOf(state.open).keys());
  state.seen.set(state.open, newest);
}

const unreadIn = (key) =>
  visible(key).filter((m) => !m.out && m.id > (state.seen.get(key) ?? 0)).length;

function drawList() {
  const items = state.chats.map((chat) => {
    const last = visible(chat.key).at(-1);
    const count = el('span', { className: 'badge' });
    badge(count, unreadIn(chat.key));
    const button = el('button', { type: 'button' },
      avatar(chat.title, numberOf(chat)),
      el('span', { className: 'chat-lines' },
        el('span', { className: 'chat-first' }, el('strong', {}, chat.title),
          el('time', {}, last ? clock(last.date) : '')),
        el('span', { className: 'chat-second' }, el('span', {}, ...preview(last, chat.kind === 'group')), count)));
    button.addEventListener('click', () => open(chat.key));
    return el('li', {}, button);
  });
  $('#chats').replaceChildren(...items);
}

const numberOf = (chat) => Number(chat.key.split('.')[1].replace('-', '').slice(-6));

function drawHeader() {
  const chat = current();
  if (!chat) return;
  $('#chat-title').textContent = chat.title;
  paintAvatar($('#chat-avatar'), chat.title, numberOf(chat));
  $('#chat-subtitle').textContent = subtitle(chat);
  $('#pinned').hidden = !chat.pinned;
  $('#pinned span').textContent = chat.pinned?.text.split('\n')[0] ?? '';
  const block = $('#block');
  block.hidden = chat.kind !== 'bot' || !chat.started || chat.blocked;
  block.textContent = '⊘';
  block.title = say('block');
  badge($('#elsewhere'), state.chats.filter((c) => c.key !== chat.key).reduce((n, c) => n + unreadIn(c.key), 0));
  input.show(chat);
}

function subtitle(chat) {
  if (chat.typing) return `${chat.kind === 'group' ? `${chat.typing} ` : ''}${say('typing')}`;
  if (chat.kind === 'group') {
    const anonymous = chat.role === 'anonymous' ? ` · ${say('writesAsGroup')}` : '';
    return members(chat.members) + anonymous;
  }
  return chat.blocked ? say('blockedBot') : say('bot');
}

/** A message with the heading of its day, if it is the first one of it. */
function nodesOf(message, before, inGroup) {
  const today = day(message.date);
  const first = !before || day(before.date) !== today;
  const node = bubble(message, first ? null : before, inGroup, hooks);
  return first ? [el('div', { className: 'service day' }, today), node] : [node];
}

/** Draws the open chat anew. */
function drawLog() {
  const chat = current();
  const shown = chat ? visible(chat.key) : [];
  const nodes = shown.flatMap((m, n) => nodesOf(m, shown[n - 1], chat.kind === 'group'));
  for (const node of nodes) node.classList.add('still');
  log.replaceChildren(...nodes);
  keepDown();
}

/** Changes single bubbles, so that nothing jumps under the finger. */
function patchLog(changed) {
  const last = changed.at(-1);
  down ||= last.out && !log.querySelector(`[data-id="${last.id}"]`);
  const inGroup = current().kind === 'group';
  for (const message of changed) {
    const old = log.querySelector(`[data-id="${message.id}"]`);
    const shown = visible(message.chat);
    const before = shown[shown.indexOf(message) - 1];
    const nodes = message.deleted ? [] : nodesOf(message, before, inGroup);
    if (old) {
      const fresh = nodes.slice(-1);
      fresh[0]?.classList.add('still');
      old.replaceWith(...fresh);
    } else {
      log.append(...nodes);
    }
  }
  keepDown();
}

/** A question that this person has not answered: the app begins the answer by itself. */
function beginAnswer() {
  const shown = visible(state.open);
  const asking = shown.findLast((message) => message.out || message.asks !== null);
  if (asking && !asking.out) input.reply(asking);
}

function open(key) {
  state.open = key;
  down = true;
  $('#list-screen').hidden = key !== null;
  $('#chat-screen').hidden = key === null;
  if (key === null) {
    drawList();
    return;
  }
  input.clear();
  beginAnswer();
  drawHeader();
  drawLog();
  log.scrollTop = log.scrollHeight;
  markSeen();
  drawHeader();
}

function drawAll() {
  translate();
  panel.people(state.people, state.me, play);
  panel.facts(state.facts);
  panel.actions(state.actions);
  const me = state.people.find((person) => person.id === state.me);
  $('.me-name').textContent = me?.name ?? '';
  if (me) paintAvatar($('.me .avatar'), me.name, me.id);
  $('#banner').hidden = state.network === 'up';
  $('#banner').textContent = state.network === 'up' ? '' : say(state.network);
  drawList();
  drawHeader();
}

/** A chat given in the address: its key, or the id of a group or bot. */
function resolve(wanted) {
  if (!wanted) return null;
  const found = state.chats.find((c) => c.key === wanted || c.key.split('.')[1] === wanted);
  return found?.key ?? null;
}

function receive(news) {
  if (news.first) state.messages.clear();
  if (news.frame) {
    ({ people: state.people, chats: state.chats, network: state.network } = news.frame);
    stopTyping();
  }
  const changed = news.messages ?? [];
  for (const message of changed) {
    if (!state.messages.has(message.chat)) state.messages.set(message.chat, new Map());
    state.messages.get(message.chat).set(message.id, message);
  }
  state.facts = news.facts ?? state.facts;
  state.actions = news.actions ?? state.actions;
  if (news.first) {
    for (const chat of state.chats) state.seen.set(chat.key, Math.max(0, ...messagesOf(chat.key).keys()));
    if (!state.people.some((person) => person.id === state.me) && state.people.length > 0) {
      play(state.people[0].id);
      return;
    }
    drawAll();
    open(resolve(state.open));
    return;
  }
  const here = changed.filter((message) => message.chat === state.open);
  if (here.length > 0) patchLog(here);
  if (here.some((message) => message.asks !== null && !message.edited && !message.deleted)) beginAnswer();
  if (state.open !== null && down && document.visibilityState === 'visible') markSeen();
  drawAll();
  if (state.open !== null) showDown();
}

/** Nobody says that a bot stopped typing; it is over after five seconds. */
let typingTimer = 0;
function stopTyping() {
  clearTimeout(typingTimer);
  if (!state.chats.some((chat) => chat.typing)) return;
  typingTimer = setTimeout(() => {
    for (const chat of state.chats) chat.typing = null;
    drawHeader();
  }, 5000);
}

/** Becomes a person: everything comes anew, as they see it. */
function play(id) {
  const before = current();
  state.me = id;
  localStorage.setItem('as', String(id));
  // In a group one stays where one is; a private chat belongs to somebody else.
  if (before && before.kind === 'bot') state.open = before.key.split('.')[1];
  $('#toast').hidden = true;
  closeSides();
  listen();
}

function listen() {
  state.source?.close();
  state.source = new EventSource(`demo/events?as=${state.me ?? ''}`);
  state.source.addEventListener('message', (event) => receive(JSON.parse(event.data)));
  state.source.addEventListener('error', () => {
    $('#banner').hidden = false;
    $('#banner').textContent = say('lost');
  });
}

function closeSides() {
  for (const side of document.querySelectorAll('.side')) side.classList.remove('open');
  $('#shade').hidden = true;
}

for (const opener of document.querySelectorAll('[data-open]')) {
  opener.addEventListener('click', () => {
    $(`#${opener.dataset.open}`).classList.add('open');
    $('#shade').hidden = false;
  });
}
for (const choice of document.querySelectorAll('[data-lang]')) {
  choice.addEventListener('click', () => {
    setLanguage(choice.dataset.lang);
    drawAll();
    if (state.open !== null) drawLog();
  });
}
$('#shade').addEventListener('click', closeSides);
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') closeSides();
});
$('#back').addEventListener('click', () => open(null));
$('#pinned').addEventListener('click', () => hooks.show(current()?.pinned?.id));
$('#block').addEventListener('click', () => tell(post('demo/block', { blocked: true })));

document.documentElement.lang = language();
translate();
listen();
