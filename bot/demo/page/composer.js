// The box in which one types: words, files, commands, a reply, and the bot's name with words after it.

import { base64 } from "./api.js";
import { authorOf, gist } from "./quote.js";
import { sampleReceipt } from "./receipt.js";
import { Results } from "./results.js";

const TALLEST = 140; // pixels; more lines are scrolled

export class Composer {
  constructor(pane) {
    this.pane = pane;
    this.find = pane.find;
    this.input = this.find("textarea");
    this.menu = [];
    this.answered = null; // the message that is replied to
    this.results = new Results(pane, this);
    this.listen();
    this.listenToMenus();
  }

  setMenu(menu) {
    this.menu = menu;
    this.find(".menu-button").hidden = !menu.length;
  }

  set text(words) {
    this.input.value = words;
    this.grow();
    this.typed();
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, TALLEST)}px`;
  }

  // What the words so far call for: the commands, the bot's name, its results, or nothing.
  typed() {
    const { value } = this.input;
    const command = this.pane.talks && value.match(/^\/(\w*)$/);
    const name = value.match(/^@(\w*)$/);
    if (command) this.openMenu(this.commands(command[1]));
    else if (name) this.openMenu(this.names(name[1]));
    else this.closeMenu();
    this.results.typed(value);
  }

  // The message that is replied to, shown above the box.
  answer(message) {
    this.answered = message;
    this.find(".answering .author").textContent = authorOf(message);
    this.find(".answering .gist").textContent = gist(message.text, message.content);
    this.find(".answering").hidden = false;
    this.input.focus();
  }

  drop() {
    this.answered = null;
    this.find(".answering").hidden = true;
  }

  // A message was changed, or is gone (null): what is replied to is shown as it is now.
  changed(id, message) {
    if (this.answered?.id !== id) return;
    if (!message) this.drop();
    else {
      this.answered = message;
      this.find(".answering .gist").textContent = gist(message.text, message.content);
    }
  }

  // The reply that goes with what is sent now.
  takeReply() {
    const values = this.answered ? { reply_to: this.answered.id } : {};
    this.drop();
    return values;
  }

  async send() {
    const text = this.input.value.trim();
    if (!text) return;
    this.text = "";
    await this.pane.say(text, this.takeReply());
  }

  // What was typed goes under the first of the files; several at once belong together.
  async sendFiles(files) {
    const album = files.length > 1 ? `album-${Date.now()}` : "";
    let caption = files.length ? this.input.value.trim() : "";
    let reply = files.length ? this.takeReply() : {};
    if (caption) this.text = "";
    for (const file of files) {
      const values = { data: await base64(file), caption, album, ...reply };
      if (/^image\/(jpeg|png)$/.test(file.type)) await this.pane.try("photo", values);
      else await this.pane.try("file", { ...values, name: file.name, mime: file.type });
      [caption, reply] = ["", {}];
    }
  }

  commands(start) {
    return this.menu
      .filter(([command]) => command.startsWith(start))
      .map(([command, words]) => [`/${command}`, words, () => {
        this.text = "";
        this.pane.say(`/${command}`);
      }]);
  }

  names(start) {
    const name = this.pane.bot.username;
    if (!name.startsWith(start.toLowerCase())) return [];
    return [[`@${name}`, "then words: services to send here", () => {
      this.text = `@${name} `;
    }]];
  }

  // entries: [name, what it is, what pressing it does]
  openMenu(entries) {
    const items = entries.map(([name, about, act]) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      const [left, right] = [document.createElement("b"), document.createElement("span")];
      left.textContent = name;
      right.textContent = about;
      right.dir = "auto";
      button.append(left, right);
      button.addEventListener("click", (event) => {
        event.stopPropagation();
        this.closeMenu();
        act();
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

  pressed(event) {
    if (this.results.pressed(event)) return;
    if (event.key === "Escape") {
      if (this.find(".menu").hidden) this.drop();
      this.closeMenu();
    }
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    const name = /^@/.test(this.input.value) && this.find(".menu:not([hidden]) button");
    if (name) name.click();
    else this.send();
  }

  listen() {
    const on = (selector, type, listener) => this.find(selector).addEventListener(type, listener);
    on(".composer", "submit", (event) => {
      event.preventDefault();
      if (!this.results.choose()) this.send();
    });
    on("textarea", "keydown", (event) => this.pressed(event));
    on("textarea", "input", () => {
      this.grow();
      this.typed();
    });
    on(".answering .drop", "click", () => {
      this.drop();
      this.input.focus();
    });
  }

  listenToMenus() {
    const on = (selector, type, listener) => this.find(selector).addEventListener(type, listener);
    const attach = this.find(".attach");
    on(".menu-button", "click", () => (this.find(".menu").hidden ? this.openMenu(this.commands("")) : this.closeMenu()));
    on(".attach input", "change", async ({ target }) => {
      attach.open = false;
      await this.sendFiles([...target.files]);
      target.value = "";
    });
    on(".attach .sample", "click", async () => {
      attach.open = false;
      await this.sendFiles([await sampleReceipt()]);
    });
    document.addEventListener("click", ({ target }) => {
      if (!attach.contains(target)) attach.open = false;
      if (!this.find(".foot").contains(target)) {
        this.closeMenu();
        this.results.close();
      }
    });
  }
}
