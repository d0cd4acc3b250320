// Text and its entities as DOM nodes. Nothing a shop or a person wrote is ever read as HTML.

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote", text_link: "a", url: "a",
  spoiler: "span", bot_command: "span", mention: "span", hashtag: "span", email: "span",
};
// Outer ones first where two entities cover the same words.
const ORDER = ["blockquote", "expandable_blockquote", "pre", "code", "text_link", "url"];

const BLOCKS = new Set(["blockquote", "pre"]);

// Offsets are UTF-16 units, as JavaScript's are.
export function richText(text, entities, onCommand) {
  const known = entities.filter((entity) => TAGS[entity.type]);
  const marks = new Set([0, text.length]);
  for (const entity of known) {
    marks.add(entity.offset);
    marks.add(entity.offset + entity.length);
  }
  const places = unsure(text);
  const root = document.createDocumentFragment();
  let open = [];
  const ends = [...marks].sort((a, b) => a - b);
  for (let index = 0; index + 1 < ends.length; index += 1) {
    const [begin, end] = [ends[index], ends[index + 1]];
    const covering = known
      .filter((entity) => entity.offset <= begin && entity.offset + entity.length >= end)
      .sort((a, b) => a.offset - b.offset || b.length - a.length || rank(a) - rank(b));
    open = reopened(root, open, covering, text, onCommand);
    const parent = open.length ? open[open.length - 1].node : root;
    // A block ends its line by itself, as in the apps.
    const again = BLOCKS.has(parent.lastChild?.localName) && text[begin] === "\n" ? 1 : 0;
    parent.append(marked(text, begin + again, end, places));
  }
  return root;
}

function rank(entity) {
  const place = ORDER.indexOf(entity.type);
  return place < 0 ? ORDER.length : place;
}

// Keeps the elements that go on, closes the others, opens what begins here.
function reopened(root, open, covering, text, onCommand) {
  let same = 0;
  while (same < open.length && same < covering.length && open[same].entity === covering[same]) same += 1;
  const kept = open.slice(0, same);
  for (const entity of covering.slice(same)) {
    const parent = kept.length ? kept[kept.length - 1].node : root;
    const node = element(entity, text.substr(entity.offset, entity.length), onCommand);
    parent.append(node);
    kept.push({ entity, node });
  }
  return kept;
}

function element(entity, words, onCommand) {
  const node = document.createElement(TAGS[entity.type]);
  if (entity.type === "text_link" || entity.type === "url") link(node, entity.url ?? words);
  else if (entity.type === "spoiler") spoiler(node);
  else if (entity.type === "bot_command") command(node, words, onCommand);
  else if (node.localName === "span") node.className = "mention";
  return node;
}

function link(node, address) {
  const full = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`;
  if (!/^(https?|tg):/i.test(full)) return;
  node.href = full;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
}

function spoiler(node) {
  node.className = "spoiler";
  node.ariaLabel = "Hidden words, press to show";
  pressable(node, () => {
    node.classList.add("shown");
    node.removeAttribute("aria-label");
  });
}

function command(node, words, onCommand) {
  node.className = "command";
  pressable(node, () => onCommand(words));
}

// A button that stays part of its line: a real one is an object between the words, and has no direction.
function pressable(node, act) {
  node.role = "button";
  node.tabIndex = 0;
  node.addEventListener("click", act);
  node.addEventListener("keydown", (event) => event.key === "Enter" && act());
}

const STRONG = /\p{L}/u;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u200f]/;
const RLM = "\u200f";

// Which way a line runs: its first letter decides, and letters in isolates do not count where others are.
// *whole* counts them all, as Chromium does when it aligns a line, and only then. Null: there is no letter.
function runsRightToLeft(line, whole = false) {
  let depth = 0;
  for (const sign of line) {
    if (/[\u2066-\u2068]/.test(sign)) depth += 1;
    else if (sign === "\u2069") depth = Math.max(0, depth - 1);
    else if (whole || !depth) {
      if (RIGHT_TO_LEFT.test(sign)) return true;
      if (STRONG.test(sign) || sign === "\u200e") return false;
    }
  }
  return whole ? null : runsRightToLeft(line, true);
}

export const endsRightToLeft = (text) => Boolean(runsRightToLeft(text.slice(text.lastIndexOf("\n") + 1)));

// Where a line begins that would be aligned to the wrong side: a mark there settles it.
function unsure(text) {
  const found = new Set();
  let at = 0;
  for (const line of text.split("\n")) {
    if (runsRightToLeft(line) && !runsRightToLeft(line, true)) found.add(at);
    at += line.length + 1;
  }
  return found;
}

function marked(text, begin, end, places) {
  let words = "";
  for (let at = begin; at < end; at += 1) words += places.has(at) ? RLM + text[at] : text[at];
  return words;
}
