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
  document.querySelector('#actions').replaceChildren(...boxes);
}

function actionButton(action) {
  const button = el('button', { type: 'button', className: 'action', id: `action-${action.id}` },
    el('strong', {}, pick(action.label)), el('small', {}, pick(action.hint)));
  button.addEventListener('click', () => run(action, button));
  return button;
}

async function run(action, button) {
  const outcome = document.querySelector('#outcome');
  button.disabled = true;
  outcome.hidden = true;
  try {
    const response = await fetch(`demo/actions/${encodeURIComponent(action.id)}`, { method: 'POST' });
    const answer = await response.json();
    outcome.textContent = pick(answer.done ?? answer.failed);
    outcome.dataset.tone = response.ok ? 'good' : 'bad';
  } catch (error) {
    outcome.textContent = String(error);
    outcome.dataset.tone = 'bad';
  } finally {
    button.disabled = false;
    outcome.hidden = false;
  }
}
