/** The list of conversations, with a search and the archive. On a small screen it is a drawer. */

import { json } from "./api.js";
import { button, byId, element, note, when } from "./dom.js";
import { excerptOf } from "./text.js";

const TYPING_PAUSE_MS = 250;

export class Sidebar {
	constructor({ onProblem }) {
		this.onProblem = onProblem;
		this.list = byId("list");
		this.openId = null;
		let typing;
		byId("search").oninput = () => {
			clearTimeout(typing);
			typing = setTimeout(() => this.refresh(), TYPING_PAUSE_MS);
		};
		this.list.addEventListener("click", (event) => event.target.closest("a") && this.closeDrawer());
		byId("archived").onchange = () => this.refresh();
		this.#makeDrawer();
	}

	/** Reads the list again, as much of it as is shown. */
	async refresh() {
		this.limit = Math.min(Math.max(this.list.children.length, 30), 100);
		const reading = (this.reading = Symbol("reading"));
		try {
			const page = await this.#read(null);
			if (this.reading !== reading) return; // A later search has begun.
			const focused = this.list.contains(document.activeElement) ? document.activeElement.hash : null;
			this.list.replaceChildren();
			this.#append(page);
			if (focused) this.list.querySelector(`[href="${focused}"]`)?.focus();
		} catch (problem) {
			this.onProblem(problem);
		}
	}

	/** Marks the conversation that is open. */
	mark(id) {
		this.openId = id;
		for (const link of this.list.querySelectorAll("a")) {
			link.ariaCurrent = link.hash === `#c=${id}` ? "page" : null;
		}
	}

	#read(cursor) {
		const query = new URLSearchParams({ status: byId("archived").checked ? "archived" : "active", limit: this.limit });
		const search = byId("search").value.trim();
		if (search) query.set("search", search);
		if (cursor) query.set("cursor", cursor);
		return json("GET", `/api/conversations?${query}`);
	}

	#append(page) {
		this.list.append(...page.items.map((conversation) => item(conversation)));
		if (!this.list.children.length) {
			const text = byId("search").value ? "Nothing was found." : "Your conversations appear here.";
			this.list.append(element("li", {}, note(text)));
		}
		if (page.next_cursor) this.list.append(this.#more(page.next_cursor));
		this.mark(this.openId);
	}

	#more(cursor) {
		const row = element("li");
		const read = async () => {
			try {
				const page = await this.#read(cursor);
				const last = row.previousElementSibling;
				row.remove();
				this.#append(page);
				last.nextElementSibling.firstChild.focus();
			} catch (problem) {
				this.onProblem(problem);
			}
		};
		row.append(button("quiet", read, "Show more"));
		return row;
	}

	#makeDrawer() {
		const opener = byId("menu");
		const drawer = byId("sidebar");
		const wide = matchMedia("(min-width: 60rem)");
		const set = (isOpen) => {
			drawer.classList.toggle("open", isOpen);
			opener.ariaExpanded = String(isOpen);
			drawer.inert = !isOpen && !wide.matches;
			byId("page").inert = isOpen && !wide.matches;
		};
		this.closeDrawer = () => set(false);
		opener.onclick = () => (set(true), byId("search").focus());
		byId("close-drawer").onclick = () => (set(false), opener.focus());
		drawer.onkeydown = (event) => {
			if (event.key === "Escape" && !wide.matches) byId("close-drawer").click();
		};
		wide.onchange = this.closeDrawer;
		this.closeDrawer();
	}
}

function item(conversation) {
	const title = conversation.title ?? conversation.preview ?? "New conversation";
	const excerpt = conversation.highlight ? element("span", { className: "excerpt" }, ...excerptOf(conversation.highlight)) : null;
	const shared = conversation.share_enabled ? " · shared" : "";
	return element(
		"li",
		{},
		element(
			"a",
			{ href: `#c=${conversation.id}` },
			element("span", { className: "name" }, title),
			excerpt,
			element("span", { className: "meta" }, `${when(conversation.updated_at)}${shared}`),
		),
	);
}
