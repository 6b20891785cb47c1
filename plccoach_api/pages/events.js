/**
 * Answers as streams of server-sent events. docs/front-end.md explains them.
 *
 * EventSource cannot send a POST, so this module reads the events with fetch. The answer does not depend on the
 * connection. After an interruption, it is followed from the last event's id on.
 */

import { Problem, request } from "./api.js";

/** The events after which a stream ends. */
const LAST = new Set(["message_complete", "error"]);
/** The service sends a comment after 15 s without an event. One that is silent for longer is dead. */
const SILENCE_MS = 40_000;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Asks a question, and yields the events of its answer: `{name, id, data}`.
 *
 * After an interruption before the first event, the same request is sent again, and its key gets the same message.
 */
export function ask({ conversationId, question, key, signal, onInterruption }) {
	const open = () =>
		request("POST", `/api/conversations/${conversationId}/messages/stream`, {
			body: { content: question },
			headers: { "Idempotency-Key": key },
			signal,
		});
	return eventsOf(open, null, { signal, onInterruption });
}

/** Yields the events of an answer from its beginning, also when the answer has ended. */
export function follow({ messageId, signal, onInterruption }) {
	return eventsOf(null, messageId, { signal, onInterruption });
}

/** Opens the stream, reads it to its last event, and opens it again after each interruption. */
async function* eventsOf(open, messageId, { signal, onInterruption }) {
	let lastEventId = null;
	for (let failures = 0; ; failures += 1) {
		const isFollowing = messageId !== null;
		try {
			const response = isFollowing ? await continueAfter(messageId, lastEventId, signal) : await open();
			if (response.status === 204) return; // The last event had arrived.
			for await (const event of parse(response.body)) {
				failures = 0;
				lastEventId = event.id;
				if (event.name === "message_start") messageId = event.data.message_id;
				yield event;
				if (LAST.has(event.name)) return;
			}
		} catch (error) {
			if (signal.aborted || !isInterruption(error, isFollowing)) throw error;
		}
		onInterruption?.();
		await pause(failures, signal);
	}
}

function continueAfter(messageId, lastEventId, signal) {
	const headers = lastEventId === null ? {} : { "Last-Event-ID": lastEventId };
	return request("GET", `/api/messages/${messageId}/stream`, { headers, signal });
}

/** A 503 interrupts an answer that is followed. It refuses a question that is asked. */
function isInterruption(error, isFollowing) {
	if (error instanceof Problem) return error.kind === "offline" || (isFollowing && error.status >= 502);
	return error instanceof TypeError; // The connection broke while the body was read.
}

/** Waits longer after each failure, but no longer than until the browser is online again. */
async function pause(failures, signal) {
	await new Promise((resolve) => {
		setTimeout(resolve, Math.min(500 * 2 ** failures, LONGEST_PAUSE_MS));
		addEventListener("online", resolve, { once: true });
		signal.addEventListener("abort", resolve, { once: true });
	});
	signal.throwIfAborted();
}

/**
 * Yields the events of a body: lines of `field: value`, and an empty line. A colon begins a comment.
 */
export async function* parse(body) {
	const event = { id: "", name: "", data: "" };
	for await (const line of lines(body)) {
		if (line === "") {
			if (event.data) yield { id: event.id, name: event.name, data: JSON.parse(event.data) };
			event.name = event.data = "";
		} else if (!line.startsWith(":")) {
			const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
			if (field === "data") event.data += value; // The service writes the data of an event on one line.
			if (field === "event") event.name = value;
			if (field === "id") event.id = value;
		}
	}
}

async function* lines(body) {
	const reader = body.pipeThrough(new TextDecoderStream()).getReader();
	let rest = "";
	try {
		for (;;) {
			const { done, value } = await readWithin(reader, SILENCE_MS);
			if (done) return;
			const parts = (rest + value).split("\n");
			rest = parts.pop();
			yield* parts;
		}
	} finally {
		reader.cancel().catch(() => {});
	}
}

async function readWithin(reader, milliseconds) {
	let timer;
	const silence = new Promise((_, reject) => {
		timer = setTimeout(() => reject(new TypeError("The connection is silent.")), milliseconds);
	});
	try {
		return await Promise.race([reader.read(), silence]);
	} finally {
		clearTimeout(timer);
	}
}

