// Text and its entities as DOM nodes. Nothing a shop or a person wrote is ever read as HTML.

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote", text_link: "a", url: "a",
  spoiler: "span", bot_command: "button", mention: "span", hashtag: "span", email: "span",
};
// Outer ones first where two entities cover the same words.
const ORDER = ["blockquote", "expandable_blockquote", "pre", "code", "text_link", "url"];

// Offsets are UTF-16 units, as JavaScript's are.
export function richText(text, entities, onCommand) {
  const known = entities.filter((entity) => TAGS[entity.type]);
  const marks = new Set([0, text.length]);
  for (const entity of known) {
    marks.add(entity.offset);
    marks.add(entity.offset + entity.length);
  }
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
    parent.append(text.slice(begin, end));
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
  node.tabIndex = 0;
  node.role = "button";
  node.ariaLabel = "Hidden words, press to show";
  const show = () => {
    node.classList.add("shown");
    node.removeAttribute("aria-label");
  };
  node.addEventListener("click", show);
  node.addEventListener("keydown", (event) => event.key === "Enter" && show());
}

function command(node, words, onCommand) {
  node.type = "button";
  node.className = "command";
  node.addEventListener("click", () => onCommand(words));
}
