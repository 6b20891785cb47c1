/**
 * What the owner of a conversation can do with it: rename, archive, delete, share and download it.
 */

import { json, request } from "./api.js";
import { announce, button, element, note, showDialog, when } from "./dom.js";

/** Changes a conversation only if it is still as it was read. The service compares the `ETag`. */
function change(conversation, etag, changes) {
	const headers = etag ? { "If-Match": etag } : {};
	return json("PATCH", `/api/conversations/${conversation.id}`, { body: changes, headers });
}

export async function rename(conversation, etag) {
	const title = await showDialog("Rename the conversation", (close) => {
		const field = element("input", { id: "new-title", value: conversation.title ?? "", maxLength: 200, required: true });
		const save = (event) => {
			event.preventDefault();
			close(field.value.trim());
		};
		const label = element("label", { htmlFor: "new-title" }, "Title");
		return [element("form", { onsubmit: save }, label, field, element("button", { className: "main" }, "Save"))];
	});
	if (title) await change(conversation, etag, { title });
	return Boolean(title);
}

export async function setArchived(conversation, etag, isArchived) {
	await change(conversation, etag, { status: isArchived ? "archived" : "active" });
}

export async function remove(conversation) {
	const isSure = await showDialog("Delete the conversation?", (close) => [
		element("p", {}, "Its messages and its shared link are deleted too. This cannot be undone."),
		button("danger", () => close(true), "Delete it"),
	]);
	if (isSure) await json("DELETE", `/api/conversations/${conversation.id}`);
	return Boolean(isSure);
}

/** Downloads a conversation with fetch, not by a link, so that a failure can be shown. */
export async function download(conversation, format) {
	const response = await request("GET", `/api/conversations/${conversation.id}/export?format=${format}`);
	const disposition = response.headers.get("Content-Disposition") ?? "";
	const name = decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1] ?? `conversation.${format}`);
	const url = URL.createObjectURL(await response.blob());
	element("a", { href: url, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
	announce(`${name} was downloaded.`);
}

/** Shows the dialog for the shared link. Only the response to its creation has the token. */
export function share(conversation, report) {
	const path = `/api/conversations/${conversation.id}/share`;
	const state = note(stateOf(conversation.share));
	const result = element("div", { "aria-live": "polite" });
	const days = element(
		"select",
		{ id: "days" },
		...[["7", "7 days"], ["30", "30 days"], ["", "Until I end it"]].map(([value, text]) => element("option", { value }, text)),
	);
	const guarded = (action) => () => action().catch((problem) => (report(problem), closeDialog()));
	let closeDialog = () => {};
	const create = guarded(async () => {
		const link = await json("POST", path, { body: { expires_in_days: days.value ? Number(days.value) : null } });
		const url = `${location.origin}/try#shared=${link.token}`;
		const field = element("input", { id: "link", readOnly: true, value: url, onfocus: () => field.select() });
		const copied = () => navigator.clipboard.writeText(url).then(() => announce("The link was copied."));
		state.textContent = "A new link is in force. Earlier links no longer work.";
		result.replaceChildren(
			element("label", { htmlFor: "link" }, "The link, which is shown this once"),
			field,
			button("", copied, "Copy the link"),
		);
	});
	const end = guarded(async () => {
		await json("DELETE", path);
		state.textContent = "Nobody else can read this conversation.";
		result.replaceChildren();
	});
	return showDialog("Share the conversation", (close) => {
		closeDialog = close;
		return [
			element("p", {}, "Everyone who is signed in and has the link can read the conversation. Your feedback is not shown."),
			state,
			element("label", { htmlFor: "days" }, "The link works for"),
			days,
			element("div", { className: "actions" },
				button("main", create, "Create a link"),
				button("", end, "Stop sharing"),
			),
			result,
		];
	});
}

function stateOf(state) {
	if (!state) return "Nobody else can read this conversation.";
	const until = state.expires_at ? `until ${when(state.expires_at)}` : "until you end it";
	return `A link works ${until}. It was opened ${state.opens} times. A new link replaces it.`;
}
