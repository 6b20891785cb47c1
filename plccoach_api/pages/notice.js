/** Problems in words: what happened, and what the person can do. */

import { button, byId, element } from "./dom.js";

/** Returns sentences for a problem, by its kind; `detail` is written for people too. */
export function adviceOn(problem) {
	switch (problem.kind) {
		case "not-signed-in":
			return "Your session has ended. Sign in again: nothing that you typed is lost.";
		case "offline":
			return "The service cannot be reached. Nothing that you typed is lost: try again when you are online.";
		case "answer-in-progress":
			return "The coach is still answering in this conversation, perhaps for another tab. Your question is kept.";
		case "too-many-requests":
			return `You have asked many questions in a short time. You can ask again ${moment(problem.retryAfter)}.`;
		case "precondition-failed":
			return "This conversation was changed in another tab, and has been read again. Make your change once more.";
		case "origin-refused":
			return "Open this page at the address that the service printed at its start.";
		case "not-found":
			return location.hash.startsWith("#shared=")
				? "This link has ended, or it is not complete. Ask for a new one."
				: "This conversation was deleted, or it is somebody else's.";
		case "internal-error":
			return `${problem.message} Request id: ${problem.requestId}`;
		default:
			return [problem.message, ...problem.errors.map((error) => `${error.field}: ${error.message}`)].join(" ");
	}
}

function moment(seconds) {
	if (seconds === null) return "in a while";
	return `at ${new Date(Date.now() + seconds * 1000).toLocaleTimeString("en", { timeStyle: "short" })}`;
}

/** Shows a problem with buttons above the question field. A screen reader reads it at once. */
export function showNotice(text, ...actions) {
	const dismiss = button("quiet", hideNotice, "Dismiss");
	byId("notice").replaceChildren(element("p", {}, text), element("div", {}, ...actions, dismiss));
}

export function hideNotice() {
	byId("notice").replaceChildren();
}
