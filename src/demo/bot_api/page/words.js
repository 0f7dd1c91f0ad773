// The page's own words. What the bots say comes from the bots.

const WORDS = {
  rehearsal: ['A rehearsal on this machine. Nothing here is real, and nothing leaves it.',
    'Репетиция на этой машине. Здесь всё понарошку и никуда не уходит.'],
  youAre: ['You are', 'Вы играете за'],
  panel: ['Break it', 'Сломать'],
  state: ['State', 'Состояние'],
  back: ['All chats', 'Все чаты'],
  pinned: ['Pinned message', 'Закреплённое сообщение'],
  newest: ['To the newest message', 'К последнему сообщению'],
  message: ['Message', 'Сообщение'],
  commands: ['Commands', 'Команды'],
  attach: ['Send a picture or a file', 'Отправить фото или файл'],
  attached: ['Goes with your message', 'Уйдёт вместе с сообщением'],
  send: ['Send', 'Отправить'],
  cancel: ['Cancel', 'Отмена'],
  start: ['Start', 'Запустить'],
  unblock: ['Unblock', 'Разблокировать'],
  block: ['Block the bot', 'Заблокировать бота'],
  bot: ['bot', 'бот'],
  blockedBot: ['blocked by you', 'заблокирован вами'],
  typing: ['is typing…', 'печатает…'],
  edited: ['edited', 'изменено'],
  pinnedIt: ['pinned a message', 'закрепляет сообщение'],
  migrated: ['The group became a supergroup', 'Группа стала супергруппой'],
  photo: ['Photo', 'Фото'],
  video: ['Video', 'Видео'],
  you: ['You', 'Вы'],
  nothingYet: ['No messages yet', 'Сообщений пока нет'],
  today: ['Today', 'Сегодня'],
  yesterday: ['Yesterday', 'Вчера'],
  copied: ['Copied', 'Скопировано'],
  noAnswer: ['The bot did not answer', 'Бот не ответил'],
  writesAsGroup: ['you write as the group', 'вы пишете от имени группы'],
  reply: ['Double-click to reply', 'Двойной щелчок — ответить'],
  lost: ['The rehearsal has ended or is restarting…', 'Репетиция завершена или перезапускается…'],
  refused: ['Telegram cannot reach the bots: connections are refused',
    'Telegram недоступен для ботов: в соединении отказано'],
  reset: ['Telegram cannot reach the bots: connections are reset',
    'Telegram недоступен для ботов: соединения обрываются'],
  hanging: ['Telegram cannot reach the bots: requests hang',
    'Telegram недоступен для ботов: запросы зависают'],
  'error.blocked': ['You have blocked this bot', 'Вы заблокировали этого бота'],
  'error.gone': ['That message or button is gone', 'Этого сообщения или кнопки больше нет'],
  'error.outside': ['You are not in this chat', 'Вас нет в этом чате'],
  'error.refused': ['Telegram does not take this', 'Telegram это не принимает'],
  'error.failed': ['That did not work', 'Не получилось'],
};

const MEMBERS = {
  en: { one: 'member', other: 'members' },
  ru: { one: 'участник', few: 'участника', many: 'участников', other: 'участника' },
};

function initial() {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem('lang');
  const wanted = asked ?? navigator.language;
  return wanted?.startsWith('ru') ? 'ru' : 'en';
}

let lang = initial();

export const language = () => lang;

export function setLanguage(code) {
  lang = code;
  localStorage.setItem('lang', code);
}

/** A word of the page. */
export const say = (key) => WORDS[key]?.[lang === 'ru' ? 1 : 0] ?? key;

/** A text that came in both languages. */
export const pick = (words) => words?.[lang] ?? '';

export function members(count) {
  const rule = new Intl.PluralRules(lang).select(count);
  return `${count} ${MEMBERS[lang][rule]}`;
}

export const clock = (unix) =>
  new Date(unix * 1000).toLocaleTimeString(lang, { hour: '2-digit', minute: '2-digit', hour12: false });

/** The heading above the messages of one day. */
export function day(unix) {
  const date = new Date(unix * 1000);
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === today.toDateString()) return say('today');
  if (date.toDateString() === yesterday.toDateString()) return say('yesterday');
  return date.toLocaleDateString(lang, { day: 'numeric', month: 'long' });
}

export function size(bytes) {
  const units = lang === 'ru' ? ['Б', 'КБ', 'МБ', 'ГБ'] : ['B', 'KB', 'MB', 'GB'];
  let at = 0;
  let number = bytes;
  while (number >= 1024 && at < units.length - 1) {
    number /= 1024;
    at += 1;
  }
  const digits = number < 10 && at > 0 ? 1 : 0;
  return `${number.toLocaleString(lang, { maximumFractionDigits: digits })} ${units[at]}`;
}

/** Puts the words onto everything that carries their keys. */
export function translate(root = document) {
  document.documentElement.lang = lang;
  for (const node of root.querySelectorAll('[data-say]')) node.textContent = say(node.dataset.say);
  for (const node of root.querySelectorAll('[data-tip]')) {
    node.title = say(node.dataset.tip);
    node.setAttribute('aria-label', node.title);
  }
  for (const node of root.querySelectorAll('[data-hint]')) node.placeholder = say(node.dataset.hint);
  for (const node of root.querySelectorAll('[data-lang]')) {
    node.setAttribute('aria-pressed', String(node.dataset.lang === lang));
  }
}
