/**
 * Keeps what a tab must not lose over a reload or a sign-in: the typed text, a question on its way, and the place to
 * return to. Each tab has its own; the browser deletes it with the tab.
 */

const store = (name) => ({
	get: () => JSON.parse(sessionStorage.getItem(name) ?? "null"),
	set: (value) => sessionStorage.setItem(name, JSON.stringify(value)),
	clear: () => sessionStorage.removeItem(name),
});

/** The text in the question field. */
export const draft = store("draft");

/**
 * A question without the first event of its answer: `{question, key, conversationId}`. After a reload it is
 * sent again, and its key prevents a second answer.
 */
export const pending = store("pending");

/** The fragment of the address before a sign-in. It may hold the token of a shared link, so no server sees it. */
export const place = store("place");
