// Bubbles. Text from a chat only ever becomes text nodes, so nothing in it can become markup.

import { clock, say, size } from './words.js';

/** An element with properties and children; strings become text. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  const { data, ...rest } = properties;
  Object.assign(node, rest);
  Object.assign(node.dataset, data ?? {});
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A coloured circle with the first letters of a name. */
export function paintAvatar(node, name, number) {
  const letters = [...name.replace(/[^\p{L}\p{N} _]/gu, '')];
  const second = name.match(/[ _]([\p{L}\p{N}])/u)?.[1] ?? '';
  node.textContent = ((letters[0] ?? '?') + second).toUpperCase();
  node.dataset.colour = String(Number(number) % 7);
}

export function avatar(name, number, small = false) {
  const node = el('span', { className: small ? 'avatar small' : 'avatar', ariaHidden: 'true' });
  paintAvatar(node, name, number);
  return node;
}

const safeLink = (url) => (/^https?:\/\//i.test(url) ? url : null);

/** The element an entity turns its text into. */
function shell(entity, text, hooks) {
  const simple = {
    bold: 'b', italic: 'i', underline: 'u', strikethrough: 's', code: 'code', custom_emoji: 'span',
  }[entity.type];
  if (simple) return el(simple);
  switch (entity.type) {
    case 'pre':
      return el('pre', { data: { language: entity.language ?? '' } });
    case 'blockquote':
      return el('blockquote');
    case 'expandable_blockquote': {
      const quote = el('blockquote', { className: 'folded' });
      quote.addEventListener('click', () => quote.classList.toggle('folded'));
      return quote;
    }
    case 'spoiler': {
      const spoiler = el('span', { className: 'spoiler' });
      spoiler.addEventListener('click', () => spoiler.classList.add('seen'));
      return spoiler;
    }
    case 'text_link':
    case 'url': {
      const href = safeLink(entity.url ?? text);
      return href ? el('a', { href, target: '_blank', rel: 'noopener noreferrer' }) : el('span');
    }
    case 'bot_command': {
      const link = el('button', { type: 'button', className: 'command' });
      link.addEventListener('click', () => hooks.command(text));
      return link;
    }
    default:
      return el('span', { className: 'mention' });
  }
}

const isBlock = (entity) => entity.type === 'pre' || entity.type.endsWith('blockquote');

/** Text with entities, as nodes. Offsets are UTF-16 units, which is how JavaScript counts as well. */
export function formatted(text, entities, hooks, from = 0, to = text.length) {
  const nodes = [];
  let at = from;
  let rest = entities.filter((e) => e.offset < to && e.offset + e.length > from);
  while (rest.length > 0) {
    const [first, ...others] = rest;
    const start = Math.max(first.offset, at);
    const end = Math.min(first.offset + first.length, to);
    // A block begins and ends its line by itself, so the line breaks beside it are not shown.
    const before = text.slice(at, start);
    if (before) nodes.push(isBlock(first) ? before.replace(/\n$/, '') : before);
    if (end > start) {
      const node = shell(first, text.slice(start, end), hooks);
      node.append(...formatted(text, others, hooks, start, end));
      nodes.push(node);
      at = isBlock(first) && text[end] === '\n' && end < to ? end + 1 : end;
    }
    rest = others.filter((e) => e.offset + e.length > at);
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

function media(message, hooks) {
  const file = message.media;
  if (!file) return null;
  if (file.kind === 'photo') {
    const picture = el('img', { className: 'photo', src: file.url, alt: say('photo') });
    picture.width = file.width ?? 320;
    picture.height = file.height ?? 240;
    picture.addEventListener('load', hooks.grown, { once: true });
    return el('a', { href: file.url, target: '_blank', rel: 'noopener' }, picture);
  }
  if (file.kind === 'video') {
    const film = el('video', { className: 'photo', src: file.url, controls: true });
    film.width = file.width ?? 640;
    film.height = file.height ?? 360;
    return film;
  }
  const name = file.name ?? 'file';
  return el('a', { className: 'document', href: file.url, download: name },
    el('span', { className: 'sheet', ariaHidden: 'true' }, (name.split('.').pop() ?? '').slice(0, 4)),
    el('span', {}, el('strong', {}, name), el('small', {}, size(file.size))));
}

function keyboard(message, hooks) {
  if (!message.keyboard) return null;
  let index = 0;
  const rows = message.keyboard.map((row) => {
    const buttons = row.map((button) => {
      const own = index;
      index += 1;
      return key(message, button, own, hooks);
    });
    return el('div', { className: 'row' }, ...buttons);
  });
  return el('div', { className: 'keyboard' }, ...rows);
}

function key(message, button, index, hooks) {
  if (button.url) {
    const href = safeLink(button.url);
    const link = el('a', { className: 'key away', target: '_blank', rel: 'noopener noreferrer' }, button.text);
    if (href) link.href = href;
    return link;
  }
  const node = el('button', { type: 'button', className: 'key' }, button.text);
  node.addEventListener('click', () => {
    if (button.copy) hooks.copy(button.copy);
    else hooks.press(message, index, node);
  });
  return node;
}

function footer(message) {
  const edited = message.edited ? `${say('edited')} ` : '';
  return el('time', { className: 'stamp', title: message.edited ? `× ${message.versions}` : '' },
    edited + clock(message.date));
}

function quoted(reply, hooks) {
  if (!reply) return null;
  const node = el('button', { type: 'button', className: 'quoted' },
    el('strong', {}, reply.name), el('span', {}, reply.text.slice(0, 120)));
  node.addEventListener('click', () => hooks.show(reply.id));
  return node;
}

/** The line that Telegram itself writes. */
function service(message) {
  const { event, text } = message.service;
  const line = event === 'pinned'
    ? `${message.name} ${say('pinnedIt')}${text ? `: «${text.split('\n')[0].slice(0, 40)}»` : ''}`
    : say('migrated');
  return el('div', { className: 'service', data: { id: String(message.id) } }, line);
}

/**
 * A message as the app shows it. In a group the name stands above the first of several in a row.
 */
export function bubble(message, before, inGroup, hooks) {
  if (message.service) return service(message);
  const follows = before && !before.service && before.number === message.number;
  const named = inGroup && !message.out && !follows;
  const name = named
    ? el('strong', { className: 'name', data: { colour: String(message.number % 7) } }, message.name)
    : null;
  const stamp = footer(message);
  const text = message.text
    ? el('div', { className: 'text' }, ...formatted(message.text, message.entities, hooks), stamp)
    : null;
  const body = el('div', { className: 'bubble', title: say('reply') },
    name, quoted(message.reply, hooks), media(message, hooks), text ?? stamp);
  body.classList.toggle('pictured', ['photo', 'video'].includes(message.media?.kind));
  body.addEventListener('dblclick', () => hooks.reply(message));
  const node = el('article', { className: `message ${message.out ? 'out' : 'in'}`, data: { id: String(message.id) } },
    named ? avatar(message.name, message.number, true) : null,
    el('div', { className: 'column' }, body, keyboard(message, hooks)));
  node.classList.toggle('follows', Boolean(inGroup && !message.out && follows));
  return node;
}

/** One line of a message, for the list of chats. */
export function preview(message, inGroup) {
  if (!message) return [say('nothingYet')];
  if (message.service) return [message.service.event === 'pinned' ? say('pinned') : say('migrated')];
  const who = message.out ? say('you') : message.name;
  const kind = message.media?.kind;
  const file = kind === 'photo' || kind === 'video' ? say(kind) : message.media?.name;
  const text = [file, message.text].filter(Boolean).join(' · ').replace(/\s+/g, ' ');
  return inGroup || message.out ? [el('em', {}, `${who}: `), text] : [text];
}
