/**
 * Builds elements. Text always becomes a text node, so nothing that the API returns is read as HTML.
 */

/**
 * Returns a new element.
 *
 * @param {string} tag
 * @param {Record<string, any>} properties Functions are event listeners (`onclick`), a name with a hyphen is an
 *   attribute (`aria-label`), and any other name is a property of the element (`className`).
 * @param {...(Node | string | null)} children
 */
export function element(tag, properties = {}, ...children) {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") created.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role") created.setAttribute(name, value);
    else created[name] = value;
  }
  created.append(...children.filter((child) => child !== null && child !== ""));
  return created;
}

export const byId = (id) => document.getElementById(id);

/** Tells users of a screen reader what has changed. The element is a live region that nobody sees. */
export function announce(text) {
  byId("status").textContent = text;
}

/**
 * Shows a dialog, and returns what `close` was called with; undefined when the person left the dialog. The browser keeps
 * the focus inside, closes the dialog on Escape, and returns the focus to where it was.
 *
 * @param {string} title
 * @param {(close: (result?: any) => void) => (Node | string | null)[]} build Returns the contents of the dialog.
 */
export function showDialog(title, build, className = "") {
  return new Promise((resolve) => {
    let result;
    const close = (value) => {
      result = value;
      dialog.close();
    };
    const heading = element("h2", { id: "dialog-title" }, title);
    const leave = element("button", { type: "button", className: "quiet close", onclick: () => close() }, "Close");
    const dialog = element("dialog", { className, "aria-labelledby": "dialog-title" });
    dialog.append(element("header", {}, heading, leave), ...build(close).filter(Boolean));
    dialog.addEventListener("click", (event) => event.target === dialog && close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Closes a menu (a `details` element) on Escape, on a click outside, and after a choice. */
export function makeMenu(details) {
  const close = () => (details.open = false);
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    close();
    details.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    const chosen = event.target.closest?.("button, a");
    if (!details.contains(event.target) || (chosen && details.contains(chosen))) close();
  });
}

/** Returns a time as the person's own language writes it: the time of day, or the date of another day. */
export function when(time) {
  const date = new Date(time);
  const isToday = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(document.documentElement.lang, isToday ? { timeStyle: "short" } : { dateStyle: "medium" });
}
