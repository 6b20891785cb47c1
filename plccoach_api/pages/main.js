/**
 * The page at /try: signs in, opens what the address says, and connects the parts.
 *
 * The fragment says what is open: `#c=ID` a conversation, `#shared=TOKEN` a shared one, none a new one.
 */

import { json } from "./api.js";
import { ConversationView, showShared } from "./conversation.js";
import { button, byId, element, makeMenu } from "./dom.js";
import { draft, pending } from "./drafts.js";
import * as manage from "./manage.js";
import { adviceOn, hideNotice, showNotice } from "./notice.js";
import { Sidebar } from "./sidebar.js";
import { restorePlace, showSignIn, signInButtons, signOut } from "./sign-in.js";

const field = byId("question");
let conversation = null;
let view;
let sidebar;

/** Shows a problem with what the person can do about it. */
async function onProblem(problem, retry) {
	if (!("kind" in problem)) throw problem;
	const actions = [];
	if (problem.kind === "not-signed-in") actions.push(...(await signInButtons().catch(() => [])));
	else if (problem.kind === "answer-in-progress") actions.push(action("Show that answer", () => reopen()));
	else if (problem.kind === "not-found") actions.push(action("New conversation", () => byId("new").click()));
	else if (retry) actions.push(action("Try again", retry));
	showNotice(adviceOn(problem), ...actions);
	if (problem.kind === "precondition-failed") await reopen(false);
}

function action(label, run) {
	return button("", () => (hideNotice(), run()), label);
}

async function reopen(hides = true) {
	view.etag = null;
	if (hides) hideNotice();
	await view.refresh().catch(onProblem);
}

/** Shows the title and the actions of the open conversation; null stands for a new one. */
function onOpen(opened) {
	conversation = opened;
	const isNew = opened === null && view.id === null;
	const isStored = opened?.id !== undefined;
	document.body.classList.toggle("is-new", isNew);
	byId("title").textContent = isNew ? "What would you like to know?" : (opened?.title ?? "Conversation");
	document.title = opened?.title ? `${opened.title} · PLC Coach` : "PLC Coach";
	byId("conversation-actions").hidden = !isStored || opened.messages.length === 0;
	byId("archive").textContent = opened?.status === "archived" ? "Restore" : "Archive";
	sidebar.mark(view.id);
}

const isShared = () => location.hash.startsWith("#shared=");

async function openPlace() {
	const [, value] = location.hash.split("=");
	document.body.classList.toggle("is-shared", isShared());
	sidebar.closeDrawer();
	document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
	try {
		await view.open(isShared() ? null : (value ?? null));
		if (isShared()) {
			document.body.classList.remove("is-new");
			byId("title").textContent = "A shared conversation";
			await showShared(value, onProblem);
		} else if (view.id !== null) await resume();
	} catch (problem) {
		await onProblem(problem, openPlace);
	}
}

/** Sends a question again that was on its way when the page was left. */
async function resume() {
	const sent = pending.get();
	if (sent && sent.conversationId === view.id && !view.running) await view.ask(sent.question, sent);
}

async function showExamples() {
	const { items } = await json("GET", "/api/coach/examples");
	const examples = items.map(({ question }) => element("li", {}, button("", () => askExample(question), question)));
	byId("example-list").replaceChildren(...examples);
}

function askExample(question) {
	byId("ask").focus();
	view.ask(question);
}

function listen() {
	field.oninput = () => draft.set(field.value);
	field.onkeydown = (event) => {
		if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
		event.preventDefault();
		byId("composer").requestSubmit();
	};
	byId("composer").onsubmit = (event) => {
		event.preventDefault();
		const question = field.value.trim();
		if (!question || view.running) return;
		field.value = "";
		draft.clear();
		view.ask(question);
	};
	byId("stop").onclick = () => view.stop();
	byId("skip").onclick = () => field.focus();
	byId("new").onclick = () => {
		if (location.hash) location.hash = "";
		else openPlace();
		field.focus();
	};
	byId("sign-out").onclick = () => signOut().catch(onProblem);
	addEventListener("hashchange", openPlace);
	// Another tab may have made changes.
	document.addEventListener("visibilitychange", () => {
		if (document.hidden || isShared()) return;
		view.refresh().catch(onProblem);
		sidebar.refresh();
	});
	document.querySelectorAll("details.menu").forEach(makeMenu);
	listenToActions();
}

function listenToActions() {
	const on = (id, act) => {
		byId(id).onclick = async () => {
			try {
				if (await act()) await Promise.all([reopen(), sidebar.refresh()]);
			} catch (problem) {
				await onProblem(problem);
			}
		};
	};
	on("share", async () => (await manage.share(conversation, onProblem), true));
	on("rename", () => manage.rename(conversation, view.etag));
	const other = { active: "archived", archived: "active" };
	on("archive", () => manage.change(conversation, view.etag, { status: other[conversation.status] }));
	on("delete", async () => {
		if (!(await manage.remove(conversation))) return;
		byId("new").click();
		sidebar.refresh();
	});
	for (const format of ["pdf", "markdown", "text", "json"]) on(`export-${format}`, () => manage.download(conversation, format));
}

async function start() {
	restorePlace();
	let me;
	try {
		me = await json("GET", "/auth/me");
	} catch (problem) {
		await showSignIn(problem);
		return;
	}
	byId("app").hidden = false;
	byId("account-name").textContent = me.name;
	byId("account-role").textContent = `Signed in as ${me.role}`;
	sidebar = new Sidebar({ onProblem });
	view = new ConversationView({ onProblem, onOpen, onChange: () => sidebar.refresh() });
	field.value = draft.get() ?? "";
	listen();
	await Promise.all([openPlace(), sidebar.refresh(), showExamples().catch(onProblem)]);
	if (!isShared()) await resume();
}

await start();
