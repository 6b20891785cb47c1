/**
 * What the owner of a conversation can do with it: change, delete, share and download it.
 */

import { json, request } from "./api.js";
import { announce, byId, copy, element, showDialog, when } from "./dom.js";

/** Changes a conversation only if it is still as it was read. The service compares the `ETag`. */
export function change(conversation, etag, changes) {
	const headers = etag ? { "If-Match": etag } : {};
	return json("PATCH", `/api/conversations/${conversation.id}`, { body: changes, headers });
}

export async function rename(conversation, etag) {
	const field = byId("new-title");
	field.value = conversation.title ?? "";
	const isSaved = await showDialog(byId("rename-dialog"));
	const title = field.value.trim();
	if (!isSaved || !title) return false;
	await change(conversation, etag, { title });
	return true;
}

export async function remove(conversation) {
	const isSure = await showDialog(byId("delete-dialog"));
	if (isSure) await json("DELETE", `/api/conversations/${conversation.id}`);
	return Boolean(isSure);
}

/** Downloads with fetch, not by a link, so that a failure can be shown. */
export async function download(conversation, format) {
	const response = await request("GET", `/api/conversations/${conversation.id}/export?format=${format}`);
	const disposition = response.headers.get("Content-Disposition") ?? "";
	const name = decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1] ?? `conversation.${format}`);
	const url = URL.createObjectURL(await response.blob());
	element("a", { href: url, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
	announce(`${name} was downloaded.`);
}

// The links that this page created: the service keeps hashes.
const links = new Map();

function linkOf({ id, share: state }) {
	const link = state && links.get(id);
	if (link) link.since ??= state.shared_at;
	return link && link.since === state.shared_at ? link.url : "";
}

export function share(conversation, report) {
	const path = `/api/conversations/${conversation.id}/share`;
	const dialog = byId("share-dialog");
	const show = (state, url = "") => {
		byId("share-state").textContent = state;
		byId("link").value = url;
		byId("new-link").hidden = !url;
	};
	const create = async () => {
		const days = Number(byId("days").value) || null;
		const { token, expires_at } = await json("POST", path, { body: { expires_in_days: days } });
		const url = `${location.origin}/try#shared=${token}`;
		links.set(conversation.id, { url });
		conversation.share = { expires_at, opens: 0 };
		show("A new link is in force. Earlier links no longer work.", url);
	};
	const end = async () => {
		await json("DELETE", path);
		conversation.share = null;
		show(stateOf(null));
	};
	const guarded = (action) => () => action().catch((problem) => (dialog.close(), report(problem)));
	byId("create-link").onclick = guarded(create);
	byId("end-link").onclick = guarded(end);
	byId("copy-link").onclick = (event) => copy(byId("link").value, event.target);
	byId("link").onfocus = () => byId("link").select();
	show(stateOf(conversation.share), linkOf(conversation));
	return showDialog(dialog);
}

function stateOf(state) {
	if (!state) return "Nobody else can read this conversation.";
	const until = state.expires_at ? `until ${when(state.expires_at)}` : "until you end it";
	return `A link works ${until}. It was opened ${state.opens === 1 ? "once" : `${state.opens} times`}. A new link replaces it.`;
}
