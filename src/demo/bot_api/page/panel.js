// Beside the phone: whom one plays, how things stand, and the buttons that break them.

import { avatar, el } from './chat.js';
import { pick } from './words.js';

export function people(list, me, choose) {
  const items = list.map((person) => {
    const title = pick(person.title) || (person.username ? `@${person.username}` : String(person.id));
    const button = el('button', { type: 'button', ariaPressed: String(person.id === me) },
      avatar(person.name, person.id, true),
      el('span', {}, el('strong', {}, person.name), el('small', {}, title)));
    button.addEventListener('click', () => choose(person.id));
    return el('li', {}, button);
  });
  document.querySelector('#people').replaceChildren(...items);
}

export function facts(list) {
  const rows = list.flatMap((fact) => [
    el('dt', {}, pick(fact.label)),
    el('dd', { data: { tone: fact.tone } }, pick(fact.value)),
  ]);
  const box = document.querySelector('#facts');
  box.replaceChildren(...rows);
  box.previousElementSibling.hidden = rows.length === 0;
}

export function actions(list) {
  const groups = new Map();
  for (const action of list) {
    const heading = pick(action.group);
    groups.set(heading, [...(groups.get(heading) ?? []), action]);
  }
  const boxes = [...groups].map(([heading, members]) =>
    el('section', {}, el('h2', {}, heading), ...members.map(actionButton)));
  const panel = document.querySelector('#actions');
  const busy = new Set([...panel.querySelectorAll('.action:disabled')].map((node) => node.id));
  panel.replaceChildren(...boxes);
  for (const id of busy) document.getElementById(id).disabled = true;
  showOutcome();
}

function actionButton(action) {
  const button = el('button', { type: 'button', className: 'action', id: `action-${action.id}` },
    el('strong', {}, pick(action.label)), el('small', {}, pick(action.hint)));
  button.addEventListener('click', () => run(action, button));
  return button;
}

/** What the last action said, kept in both languages. */
let said = null;

function showOutcome() {
  const node = document.querySelector('#outcome');
  node.hidden = said === null;
  if (said === null) return;
  node.textContent = pick(said.words);
  node.dataset.tone = said.tone;
}

async function run(action, button) {
  button.disabled = true;
  said = null;
  showOutcome();
  try {
    const response = await fetch(`demo/actions/${encodeURIComponent(action.id)}`, { method: 'POST' });
    const answer = await response.json();
    said = { words: answer.done ?? answer.failed, tone: response.ok ? 'good' : 'bad' };
  } catch (error) {
    said = { words: { en: String(error), ru: String(error) }, tone: 'bad' };
  } finally {
    button.disabled = false;
    showOutcome();
  }
}
