// The page: three chats side by side, or one at a time behind tabs where the screen is narrow.

import { follow, stage } from "./api.js";
import { Pane } from "./pane.js";

const TITLES = { customer: "Customer", admin: "Admin", channel: "Channel" };
const panes = new Map();

async function load() {
  const state = await stage();
  document.querySelector(".guide .name").textContent = `@${state.bot.username}`;
  for (const [name, room] of Object.entries(state.panes)) {
    if (!panes.has(name)) add(name, state.bot);
    panes.get(name).load(room);
  }
  follow(state.seq, change, linkState, load);
}

function add(name, bot) {
  const pane = new Pane(name, bot, { news: unread, reader, visit });
  panes.set(name, pane);
  document.querySelector(".panes").append(pane.root);
  const tab = document.createElement("button");
  Object.assign(tab, { type: "button", id: `tab-${name}`, textContent: TITLES[name], role: "tab" });
  tab.setAttribute("aria-controls", pane.root.id);
  tab.addEventListener("click", () => choose(name));
  document.querySelector(".tabs").append(tab);
  pane.root.setAttribute("aria-label", TITLES[name]);
  if (panes.size === 1) choose(name);
}

function choose(name) {
  for (const [other, pane] of panes) {
    const chosen = other === name;
    pane.root.classList.toggle("chosen", chosen);
    document.getElementById(`tab-${other}`).ariaSelected = String(chosen);
    if (chosen) {
      document.getElementById(`tab-${other}`).classList.remove("unread");
      pane.toEnd();
    }
  }
}

function unread(pane) {
  if (!pane.root.classList.contains("chosen")) document.getElementById(`tab-${pane.name}`).classList.add("unread");
}

// A channel is read by the customer.
function reader(pane) {
  return pane.talks ? pane : panes.get("customer");
}

// Opens a link to the bot as who reads a chat, or (own) as who writes there.
function visit(link, pane, own = false) {
  const target = own && !pane.talks ? panes.get("admin") : reader(pane);
  target.follow(link);
  choose(target.name);
}

const HANDLERS = {
  message: (pane, body) => pane.show(body),
  deleted: (pane, id) => pane.remove(id),
  answer: (pane, body) => pane.answered(body),
  action: (pane) => pane.typing(),
  member: (pane, body) => pane.setBlocked(body.blocked),
  person: (pane, body) => {
    pane.introduce(body.first_name, body.language_code);
    refreshMenus();
  },
};

function change({ kind, chat, body }) {
  if (kind === "menu") refreshMenus();
  for (const pane of panes.values()) {
    if (pane.chat === chat) HANDLERS[kind]?.(pane, body);
  }
}

async function refreshMenus() {
  const state = await stage();
  for (const [name, room] of Object.entries(state.panes)) panes.get(name)?.composer.setMenu(room.menu ?? []);
}

function linkState(state) {
  const node = document.querySelector(".link");
  node.dataset.state = state;
  node.textContent = state === "on" ? "Connected" : "Connecting…";
}

// What to try stands open where there is room for it, until somebody closes it.
function guide() {
  const node = document.querySelector(".guide");
  node.open = localStorage.getItem("guide") !== "closed" && matchMedia("(min-width: 1081px)").matches;
  node.addEventListener("toggle", () => localStorage.setItem("guide", node.open ? "open" : "closed"));
}

function theme() {
  const root = document.documentElement;
  root.dataset.theme = localStorage.getItem("theme") ?? "";
  document.querySelector(".theme").addEventListener("click", () => {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const now = root.dataset.theme || (dark ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
  });
}

guide();
theme();
load().catch((error) => {
  document.querySelector(".link").textContent = `Cannot reach the demo: ${error.message}`;
});
