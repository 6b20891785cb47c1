/**
 * The open conversation: its messages, and the question that is being answered.
 *
 * A question is never lost: its request is kept over a reload, and one that was not accepted returns to its field.
 * An answer that is generated when the page loads is followed from its beginning.
 */

import { Problem, json, newKey, request } from "./api.js";
import { announce, byId, note } from "./dom.js";
import { draft, pending } from "./drafts.js";
import { ask, follow } from "./events.js";
import { AnswerView, questionView } from "./message.js";
import { hideNotice } from "./notice.js";

export class ConversationView {
	/** `onProblem(problem, retry)` shows a problem; `onOpen(conversation)` and `onChange()` follow what happens here. */
	constructor({ onProblem, onChange, onOpen }) {
		this.onProblem = onProblem;
		this.onChange = onChange;
		this.onOpen = onOpen;
		this.messages = byId("messages");
		this.id = null;
		this.etag = null;
		this.running = null;
	}

	/** Opens a conversation, or an empty page for null. An answer of the one before goes on unread. */
	async open(id) {
		this.running?.abort();
		this.#setRunning(null);
		this.id = id;
		this.etag = null;
		hideNotice();
		this.messages.replaceChildren();
		this.onOpen(null);
		if (id !== null) await this.refresh();
	}

	/** Reads the conversation again if it has changed, and follows an answer that is generated. */
	async refresh() {
		const id = this.id;
		if (id === null || this.running) return;
		const headers = this.etag ? { "If-None-Match": this.etag } : {};
		const response = await request("GET", `/api/conversations/${id}`, { headers });
		if (response.status === 304) return;
		const conversation = await response.json();
		const rest = await this.#readRest(conversation);
		if (this.id !== id || this.running) return;
		this.etag = response.headers.get("ETag");
		const views = [...conversation.messages, ...rest].map((message) => this.#view(message));
		this.messages.replaceChildren(...views.map((view) => view.node));
		this.onOpen(conversation);
		const last = views.at(-1);
		if (last?.isGenerating) this.#run(last.answer, (options) => follow({ messageId: last.answer.messageId, ...options }));
		show(views.at(-2)?.node);
	}

	async #readRest(conversation) {
		const messages = [];
		for (let cursor = conversation.next_cursor; cursor; ) {
			const query = new URLSearchParams({ limit: 100, cursor });
			const page = await json("GET", `/api/conversations/${conversation.id}/messages?${query}`);
			messages.push(...page.items);
			cursor = page.next_cursor;
		}
		return messages;
	}

	#view(message) {
		if (message.role === "user") return { node: questionView(message.content) };
		const answer = this.#newAnswer();
		answer.show(message);
		return { node: answer.node, answer, isGenerating: message.status === "generating" };
	}

	#newAnswer() {
		return new AnswerView({ report: this.onProblem, askNext: (question) => this.ask(question) });
	}

	/** Asks a question. `sent` is the same question from before a reload or a failure, with its key. */
	async ask(question, sent = { question, key: newKey(), conversationId: this.id }) {
		if (this.running) return;
		hideNotice();
		pending.set(sent);
		const controller = this.#setRunning(new AbortController());
		const asked = questionView(question);
		const answer = this.#newAnswer();
		if (this.id === null) this.onOpen({ title: question });
		this.messages.append(asked, answer.node);
		show(asked);
		answer.retry = () => {
			asked.remove();
			answer.node.remove();
			this.ask(question, sent);
		};
		const takeBack = (problem) => this.#takeBack(problem, sent, [asked, answer.node]);
		try {
			await this.#require(sent, controller.signal);
		} catch (problem) {
			if (!controller.signal.aborted) takeBack(problem);
			return;
		}
		const open = (options) => ask({ conversationId: sent.conversationId, question, key: sent.key, ...options });
		await this.#run(answer, open, takeBack);
	}

	/** Creates the conversation of a first question. */
	async #require(sent, signal) {
		if (sent.conversationId === null) {
			sent.conversationId = (await json("POST", "/api/conversations", { body: {}, signal })).id;
			pending.set(sent);
		}
		signal.throwIfAborted();
		if (this.id === sent.conversationId) return;
		this.id = sent.conversationId;
		history.pushState(null, "", `#c=${this.id}`);
	}

	/** Puts a question that was not accepted back into the question field. */
	#takeBack(problem, sent, nodes) {
		this.#setRunning(null);
		pending.clear();
		nodes.forEach((node) => node.remove());
		if (!this.messages.children.length) {
			this.id = null;
			history.replaceState(null, "", location.pathname);
			this.onOpen(null);
		}
		const field = byId("question");
		if (!field.value) {
			field.value = sent.question;
			draft.set(sent.question);
		}
		this.onProblem(problem, () => {
			field.value = "";
			draft.clear();
			this.ask(sent.question, sent);
		});
	}

	/** Shows the events of an answer until its end. `refuse` gets a problem that comes before the first event. */
	async #run(answer, open, refuse) {
		const controller = this.running ?? this.#setRunning(new AbortController());
		const onInterruption = () => answer.say("The connection was lost. Connecting again");
		announce("The coach is answering.");
		let hasStarted = refuse === undefined;
		let hasFailed = false;
		try {
			for await (const event of open({ signal: controller.signal, onInterruption })) {
				if (event.name === "message_start") {
					hasStarted = true;
					pending.clear();
					answer.restart(event.data.message_id);
					this.answering = answer.messageId;
					if (this.isStopping) this.stop();
				} else if (event.name === "content_delta") answer.addText(event.data.delta);
				else if (event.name === "citation") answer.addCitation(event.data);
				else if (event.name === "message_complete") answer.show(event.data.message);
				else if (event.name === "error") {
					hasFailed = true;
					throw new Problem(event.data.problem);
				}
			}
		} catch (problem) {
			if (controller.signal.aborted) return;
			if (!hasStarted) refuse(problem);
			else if (hasFailed) this.#failed(answer, problem);
			else {
				this.#setRunning(null);
				this.onProblem(problem, () => this.open(this.id));
			}
			return;
		}
		if (this.running !== controller) return;
		this.#setRunning(null);
		announce(`The answer is complete. It has ${answer.citations.size} references.`);
		await this.#readHead().catch(this.onProblem);
		this.onChange();
	}

	/** Reads the title and the version of the conversation. The messages stay, and with them the focus. */
	async #readHead() {
		const response = await request("GET", `/api/conversations/${this.id}`);
		this.etag = response.headers.get("ETag");
		this.onOpen(await response.json());
	}

	/** An answer that failed stays on the page. The same key asks for the same message again. */
	#failed(answer, problem) {
		this.#setRunning(null);
		answer.show({ id: answer.messageId, content: answer.content, citations: [], status: "failed", suggestions: [] });
		this.onProblem(problem, answer.retry);
		this.onChange();
	}

	/** Stops the answer. What was written stays, and the stream ends with the stopped message. */
	async stop() {
		this.isStopping = true;
		if (this.answering === null) return; // The first event stops it.
		try {
			await json("POST", `/api/messages/${this.answering}/stop`);
		} catch (problem) {
			this.onProblem(problem);
		}
	}

	#setRunning(controller) {
		this.running = controller;
		this.answering = null;
		this.isStopping = false;
		const [ask, stop] = [byId("ask"), byId("stop")];
		const hadFocus = [ask, stop].includes(document.activeElement);
		ask.hidden = controller !== null;
		stop.hidden = controller === null;
		// The focus is not lost with the button that disappears.
		if (hadFocus) (controller ? stop : byId("question")).focus();
		return controller;
	}
}

/** Scrolls to a question; to the title of the page for the first one. */
function show(question) {
	if (question?.previousElementSibling) question.scrollIntoView();
	else scrollTo(0, 0);
}

/** Shows a conversation that somebody shared: the same messages, read-only. */
export async function showShared(token, report) {
	const target = byId("messages");
	let cursor = null;
	do {
		const query = cursor ? `?${new URLSearchParams({ cursor })}` : "";
		const page = await json("GET", `/api/shared/${encodeURIComponent(token)}${query}`);
		if (!cursor) {
			if (page.title) byId("title").textContent = page.title;
			target.replaceChildren(note(`Shared by ${page.shared_by}. You can read it.`));
		}
		for (const message of page.messages) target.append(readOnly(message, report));
		cursor = page.next_cursor;
	} while (cursor);
}

function readOnly(message, report) {
	if (message.role === "user") return questionView(message.content);
	const answer = new AnswerView({ isShared: true, report });
	answer.show(message);
	return answer.node;
}
