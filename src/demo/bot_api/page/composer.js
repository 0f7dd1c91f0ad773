// The line at the bottom: writing, commands, files, and the one big button instead of it.

import { el } from './chat.js';
import { say } from './words.js';

const $ = (selector) => document.querySelector(selector);
const PICTURES = ['image/png', 'image/jpeg', 'image/gif'];

export function composer({ post, tell, toast, current, me }) {
  const text = $('#text');
  let answering = null;
  /** A file that goes with what is written. */
  let attached = null;

  function grow() {
    text.style.height = 'auto';
    text.style.height = `${Math.min(text.scrollHeight, 140)}px`;
  }

  function clear() {
    text.value = '';
    grow();
    suggest([]);
    attach(null);
    reply(null);
  }

  function reply(message) {
    answering = message;
    $('#replying').hidden = message === null;
    if (message?.asks) delete text.dataset.hint;
    else text.dataset.hint = 'message';
    text.placeholder = message?.asks || say('message');
    if (message === null) return;
    $('#replying strong').textContent = message.name;
    $('#replying span').textContent = message.text.slice(0, 80);
    text.focus();
  }

  function attach(file) {
    attached = file;
    $('#attached').hidden = file === null;
    $('#attached span').textContent = file?.name ?? '';
    if (file) text.focus();
  }

  function suggest(commands) {
    const box = $('#suggestions');
    box.hidden = commands.length === 0;
    box.replaceChildren(...commands.map((command) => {
      const item = el('button', { type: 'button', role: 'option' },
        el('strong', {}, `/${command.command}`), el('span', {}, command.description));
      item.addEventListener('click', () => {
        clear();
        tell(post('demo/send', { text: `/${command.command}` }));
      });
      return item;
    }));
  }

  /** The commands that go on as what is written so far. */
  function fitting() {
    const typed = text.value.match(/^\/(\w*)$/)?.[1];
    if (typed === undefined) return [];
    return (current()?.commands ?? []).filter((c) => c.command.startsWith(typed.toLowerCase()));
  }

  function send() {
    const written = text.value.trim();
    if (attached) {
      upload(attached).catch((error) => toast(error.message));
      return;
    }
    if (!written) return;
    const body = { text: written, reply_to: answering?.id ?? null };
    clear();
    tell(post('demo/send', body));
  }

  async function upload(file) {
    const query = new URLSearchParams({
      as: String(me()), chat: current().key, name: file.name, caption: text.value.trim(),
      photo: String(PICTURES.includes(file.type)), video: String(file.type === 'video/mp4'),
    });
    if (answering) query.set('reply_to', String(answering.id));
    clear();
    const response = await fetch(`demo/upload?${query}`, { method: 'POST', body: file });
    if (response.ok) return;
    const { code } = await response.json().catch(() => ({ code: 'failed' }));
    toast(say(`error.${code}`));
  }

  text.addEventListener('input', () => {
    grow();
    suggest(fitting());
  });
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
    if (event.key === 'Escape') {
      suggest([]);
      attach(null);
      reply(null);
    }
  });
  $('#composer').addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  $('#slash').addEventListener('click', () => {
    suggest($('#suggestions').hidden ? current()?.commands ?? [] : []);
  });
  $('#attach').addEventListener('click', () => $('#file').click());
  $('#file').addEventListener('change', (event) => {
    const [file] = event.target.files;
    if (file) attach(file);
    event.target.value = '';
  });
  $('#unreply').addEventListener('click', () => reply(null));
  $('#unattach').addEventListener('click', () => attach(null));
  $('#start').addEventListener('click', () => tell(post('demo/start', {})));

  /** A bot that was never started, or that is blocked, can only be started. */
  function show(chat) {
    const shut = !chat.started || chat.blocked;
    $('#composer').hidden = shut;
    $('#start').hidden = !shut;
    $('#start').textContent = say(chat.blocked ? 'unblock' : 'start');
    $('#slash').hidden = chat.commands.length === 0;
  }

  return { clear, reply, show };
}
