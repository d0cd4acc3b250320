// One chat: its messages, what one types and presses, and who one is in it.

import { act, base64 } from "./api.js";
import { bubble } from "./bubble.js";
import { isInvoiceLink, money, openPay } from "./pay.js";

const TOAST_MS = 4000;
const TYPING_MS = 5000;
const NEAR_END = 80; // pixels from the end within which new messages are followed
const ROLES = { customer: "Customer", admin: "Admin" };

export class Pane {
  constructor(name, bot, onNews) {
    this.name = name;
    this.bot = bot;
    this.onNews = onNews;
    this.root = document.getElementById("pane").content.firstElementChild.cloneNode(true);
    this.root.id = `pane-${name}`;
    this.root.dataset.name = name;
    this.waiting = new Map(); // presses that were not answered yet: id -> button
    this.early = new Set(); // answers that came before their press was known
    this.find = (selector) => this.root.querySelector(selector);
    this.list = this.find(".messages");
    this.input = this.find("textarea");
    this.talks = name in ROLES;
    this.listen();
  }

  // Everything anew, from what the server holds.
  load(state) {
    this.chat = state.id;
    this.state = state;
    this.list.replaceChildren();
    this.waiting.clear();
    const title = this.talks ? this.bot.first_name : state.title;
    this.find("h2").textContent = title;
    this.find(".avatar").textContent = [...title][0];
    this.find(".state").textContent = this.resting();
    this.find(".empty").textContent = this.talks ? "No messages here yet." : "Order updates appear here.";
    this.find(".scroll").ariaLabel = `Messages, ${ROLES[this.name] ?? state.title}`;
    this.find(".person").hidden = !this.talks;
    this.introduce(state.title, state.language);
    this.setBlocked(state.blocked ?? false);
    this.setMenu(state.menu ?? []);
    for (const message of state.messages) this.show(message, false);
    this.toEnd();
  }

  resting() {
    return this.talks ? "bot" : "channel";
  }

  introduce(name, language) {
    this.state.title = name;
    this.find("summary").textContent = `${ROLES[this.name]}: ${name}`;
    this.find("[name=name]").value = name;
    if (language) this.find("[name=language]").value = language;
  }

  setBlocked(blocked) {
    this.blocked = blocked;
    this.find(".block").textContent = blocked ? "Unblock the bot" : "Block the bot";
    this.refresh();
  }

  setMenu(menu) {
    this.menu = menu;
    this.find(".menu-button").hidden = !menu.length;
  }

  // The composer, or the one button that stands for it.
  refresh() {
    const fresh = !this.list.childElementCount;
    this.find(".empty").hidden = !fresh;
    const start = this.find(".start");
    start.hidden = !this.talks || !(fresh || this.blocked);
    start.textContent = this.blocked ? "RESTART BOT" : "START";
    this.find(".composer").hidden = !this.talks || !start.hidden;
  }

  show(message, isNews = true) {
    const scroll = this.find(".scroll");
    const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END;
    const item = bubble(message, {
      author: this.talks ? "" : this.state.title,
      bot: this.bot.first_name,
      command: (words) => this.say(words),
      press: (button, node) => this.press(message, button, node),
    });
    const known = this.list.querySelector(`[data-id="${message.id}"]`);
    if (known) {
      known.replaceWith(item);
      if (isNews) item.classList.add("changed");
    } else {
      this.list.append(item);
      if (isNews) item.classList.add("fresh");
      if (message.from_bot) this.find(".state").textContent = this.resting();
    }
    this.refresh();
    if (!isNews) return;
    if (atEnd || !message.from_bot) this.toEnd();
    else if (!known) this.find(".newer").hidden = false;
    if (message.from_bot && !known) this.onNews(this);
  }

  remove(id) {
    this.list.querySelector(`[data-id="${id}"]`)?.remove();
    this.refresh();
  }

  toEnd() {
    const scroll = this.find(".scroll");
    scroll.scrollTop = scroll.scrollHeight;
    this.find(".newer").hidden = true;
  }

  typing() {
    this.find(".state").textContent = "typing…";
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => {
      this.find(".state").textContent = this.resting();
    }, TYPING_MS);
  }

  answered({ press, text, show_alert: alert }) {
    const node = this.waiting.get(press);
    if (node) node.classList.remove("busy");
    else this.early.add(press);
    this.waiting.delete(press);
    if (text && alert) showAlert(text);
    else if (text) this.toast(text);
  }

  toast(text) {
    const node = this.find(".toast");
    node.textContent = text;
    node.dir = "auto";
    node.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => {
      node.hidden = true;
    }, TOAST_MS);
  }

  async try(action, values) {
    try {
      return await act(action, { chat: this.chat, ...values });
    } catch (error) {
      this.toast(error.message.split("\n")[0]);
      return null;
    }
  }

  async say(text) {
    this.closeMenu();
    if (this.blocked) await this.try("unblock", {});
    await this.try("send", { text });
  }

  async press(message, button, node) {
    if (button.pay) {
      if (message.receipt) this.toast(`You paid ${money(message.content.invoice)}. Receipt: ${message.receipt}`);
      else await this.pay({ message: message.id });
      return;
    }
    if (button.copy_text) {
      const copied = navigator.clipboard?.writeText(button.copy_text.text) ?? Promise.reject();
      this.toast(await copied.then(() => "Copied", () => `To be copied: ${button.copy_text.text}`));
      return;
    }
    if (button.callback_data === undefined) {
      this.toast("This kind of button does nothing in the demo.");
      return;
    }
    node.classList.add("busy");
    const pressed = await this.try("tap", { message: message.id, data: button.callback_data, label: button.text });
    if (!pressed || this.early.delete(pressed.press)) node.classList.remove("busy");
    else this.waiting.set(pressed.press, node);
  }

  async pay(due) {
    await openPay(this.chat, due).catch((error) => this.toast(error.message.split("\n")[0]));
  }

  async send() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.grow();
    await this.say(text);
  }

  // What was typed goes under the first of the files; several at once belong together.
  async sendFiles(input) {
    const files = [...input.files];
    const album = files.length > 1 ? `album-${Date.now()}` : "";
    let caption = files.length ? this.input.value.trim() : "";
    if (caption) this.input.value = "";
    for (const file of files) {
      const values = { data: await base64(file), caption, album };
      if (/^image\/(jpeg|png)$/.test(file.type)) await this.try("photo", values);
      else await this.try("file", { ...values, name: file.name, mime: file.type });
      caption = "";
    }
    input.value = "";
    this.grow();
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 140)}px`;
  }

  openMenu(start = "") {
    const items = this.menu.filter(([command]) => command.startsWith(start)).map(([command, words]) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      const name = document.createElement("b");
      name.textContent = `/${command}`;
      const about = document.createElement("span");
      about.textContent = words;
      about.dir = "auto";
      button.append(name, about);
      button.addEventListener("click", () => {
        this.input.value = "";
        this.say(`/${command}`);
        this.input.focus();
      });
      item.append(button);
      return item;
    });
    this.find(".menu").replaceChildren(...items);
    this.find(".menu").hidden = !items.length;
    this.find(".menu-button").ariaExpanded = String(items.length > 0);
  }

  closeMenu() {
    this.find(".menu").hidden = true;
    this.find(".menu-button").ariaExpanded = "false";
  }

  listen() {
    const on = (selector, type, listener) => this.find(selector).addEventListener(type, listener);
    on(".composer", "submit", (event) => {
      event.preventDefault();
      this.send();
    });
    on("textarea", "keydown", (event) => {
      if (event.key === "Escape") this.closeMenu();
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    });
    on("textarea", "input", () => {
      this.grow();
      const typed = this.input.value.match(/^\/(\w*)$/);
      if (typed) this.openMenu(typed[1]);
      else this.closeMenu();
    });
    on(".menu-button", "click", () => (this.find(".menu").hidden ? this.openMenu() : this.closeMenu()));
    on(".attach input", "change", (event) => this.sendFiles(event.target));
    on(".messages", "click", (event) => {
      const link = event.target.closest("a[href]");
      if (!this.talks || !link || !isInvoiceLink(link.href)) return;
      event.preventDefault();
      this.pay({ link: link.href });
    });
    on(".start", "click", () => this.say("/start"));
    on(".newer", "click", () => this.toEnd());
    on(".scroll", "scroll", () => {
      const scroll = this.find(".scroll");
      if (scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END) this.find(".newer").hidden = true;
    });
    on(".person form", "submit", (event) => event.preventDefault());
    on(".person form", "change", (event) => this.become(new FormData(event.currentTarget)));
    on(".block", "click", () => this.try(this.blocked ? "unblock" : "block", {}));
    this.input.ariaLabel = `Message as ${ROLES[this.name] ?? ""}`.trim();
    document.addEventListener("click", (event) => {
      const person = this.find(".person");
      if (!person.contains(event.target)) person.open = false;
      if (!this.find(".composer").contains(event.target)) this.closeMenu();
    });
  }

  become(form) {
    const name = form.get("name").trim();
    if (name) this.try("person", { id: this.chat, name, language: form.get("language") });
  }
}

function showAlert(text) {
  const dialog = document.querySelector("dialog.alert");
  dialog.querySelector("p").textContent = text;
  if (dialog.open) dialog.close();
  dialog.showModal();
}
