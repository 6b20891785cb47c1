/**
 * Builds elements. Text always becomes a text node, so nothing that the API returns is read as HTML.
 */

/** Returns a new element. A property with a hyphen in its name is an attribute; a child that is null is left out. */
export function element(tag, properties = {}, ...children) {
	const created = document.createElement(tag);
	for (const [name, value] of Object.entries(properties)) {
		if (name.includes("-")) created.setAttribute(name, value);
		else created[name] = value;
	}
	created.append(...children.filter((child) => child !== null));
	return created;
}

export function button(className, onclick, ...children) {
	return element("button", { type: "button", className, onclick }, ...children);
}

export const note = (text) => element("p", { className: "note" }, text);

export const byId = (id) => document.getElementById(id);

/** Tells users of a screen reader what has changed, in a live region that nobody sees. */
export function announce(text) {
	byId("status").textContent = text;
}

/**
 * Shows a dialog of the page, and returns the value of the button that closed it; "" when the person left the dialog.
 * The browser keeps the focus inside, closes it on Escape, and returns the focus.
 */
export function showDialog(dialog) {
	return new Promise((resolve) => {
		dialog.returnValue = "";
		dialog.onclick = (event) => {
			if (event.target === dialog) dialog.close(); // A click beside the contents.
		};
		dialog.onclose = () => resolve(dialog.returnValue);
		dialog.showModal();
	});
}

/** Copies a text, and says so in the label of the button that was pressed. */
export async function copy(text, pressed) {
	const label = (pressed.dataset.label ??= pressed.textContent);
	try {
		await navigator.clipboard.writeText(text);
		pressed.textContent = "Copied";
	} catch {
		// Browsers have a clipboard only on https and on localhost.
		pressed.textContent = "This browser does not allow it";
	}
	announce(pressed.textContent);
	setTimeout(() => (pressed.textContent = label), 2000);
}

/** Closes a menu (a `details` element) on Escape, on a click outside, and after a choice. */
export function makeMenu(details) {
	const summary = details.querySelector("summary");
	details.onkeydown = (event) => {
		if (event.key !== "Escape") return;
		details.open = false;
		summary.focus();
	};
	document.addEventListener("click", (event) => {
		if (!summary.contains(event.target)) details.open = false;
	});
}

/** Returns the time of day, or the date of another day. */
export function when(time) {
	const date = new Date(time);
	const isToday = date.toDateString() === new Date().toDateString();
	return date.toLocaleString(document.documentElement.lang, isToday ? { timeStyle: "short" } : { dateStyle: "medium" });
}
