/**
 * The open conversation: its messages, and the question that is being answered.
 *
 * A question is never lost. It stays in the question field until the service has stored it, and its request is kept over
 * a reload. An answer that is generated when the page loads is followed from its beginning.
 */

import { Problem, json, newKey, request } from "./api.js";
import { announce, byId, element } from "./dom.js";
import { draft, pending } from "./drafts.js";
import { ask, follow } from "./events.js";
import { AnswerView, questionView } from "./message.js";
import { hideNotice } from "./notice.js";

export class ConversationView {
  /**
   * @param {{onProblem: (problem: Problem, retry?: () => void) => void, onChange: () => void,
   *          onOpen: (conversation: object | null) => void}} options
   */
  constructor({ onProblem, onChange, onOpen }) {
    this.onProblem = onProblem;
    this.onChange = onChange;
    this.onOpen = onOpen;
    this.messages = byId("messages");
    this.id = null;
    this.etag = null;
    this.running = null;
  }

  /** Opens a conversation, or an empty page for null. The answer of the conversation before goes on without a reader. */
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

  /** Reads the conversation again if it has changed, and follows an answer that is being generated. */
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
    scrollTo({ top: document.body.scrollHeight });
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
    this.messages.append(asked, answer.node);
    answer.node.scrollIntoView({ block: "end" });
    try {
      await this.#require(sent);
    } catch (problem) {
      this.#takeBack(problem, sent, controller, [asked, answer.node]);
      return;
    }
    const open = (options) => ask({ conversationId: sent.conversationId, question, key: sent.key, ...options });
    await this.#run(answer, open, (problem) => this.#takeBack(problem, sent, controller, [asked, answer.node]));
  }

  /** Creates the conversation of a first question. */
  async #require(sent) {
    if (sent.conversationId === null) {
      sent.conversationId = (await json("POST", "/api/conversations", { body: {} })).id;
      pending.set(sent);
    }
    if (this.id === sent.conversationId) return;
    this.id = sent.conversationId;
    history.pushState(null, "", `#c=${this.id}`);
  }

  /** Puts a question that was not accepted back into the question field. */
  #takeBack(problem, sent, controller, nodes) {
    if (this.running === controller) this.#setRunning(null);
    if (controller.signal.aborted) return;
    pending.clear();
    nodes.forEach((node) => node.remove());
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

  /** Shows the events of an answer until its end. `refuse` is called with a problem that comes before the first event. */
  async #run(answer, open, refuse) {
    const controller = this.running ?? this.#setRunning(new AbortController());
    const onInterruption = () => answer.say("The connection was lost. Connecting again");
    announce("The coach is answering.");
    let hasStarted = refuse === undefined;
    try {
      for await (const event of open({ signal: controller.signal, onInterruption })) {
        if (event.name === "message_start") {
          hasStarted = true;
          pending.clear();
          answer.restart(event.data.message_id);
          this.answering = answer.messageId;
        } else if (event.name === "content_delta") this.#keepAtEnd(() => answer.addText(event.data.delta));
        else if (event.name === "citation") answer.addCitation(event.data);
        else if (event.name === "message_complete") this.#keepAtEnd(() => answer.show(event.data.message));
        else if (event.name === "error") throw new Problem(event.data.problem);
      }
    } catch (problem) {
      if (controller.signal.aborted) return;
      if (!hasStarted) refuse(problem);
      else this.#failed(answer, problem);
      return;
    }
    if (this.running !== controller) return;
    this.#setRunning(null);
    announce(`The answer is complete. It has ${answer.citations.size} references.`);
    this.etag = null;
    await this.refresh().catch(this.onProblem);
    this.onChange();
  }

  /** An answer that failed is stored. The question can be asked anew. */
  #failed(answer, problem) {
    this.#setRunning(null);
    const question = answer.node.previousElementSibling?.textContent;
    answer.show({ id: answer.messageId, content: answer.content, citations: [], status: "failed", suggestions: [] });
    this.onProblem(problem, question && (() => this.ask(question)));
    this.onChange();
  }

  /** Stops the answer. What was written stays, and the stream ends with the stopped message. */
  async stop() {
    if (!this.answering) return;
    try {
      await json("POST", `/api/messages/${this.answering}/stop`);
    } catch (problem) {
      this.onProblem(problem);
    }
  }

  #keepAtEnd(change) {
    const isAtEnd = innerHeight + scrollY >= document.body.scrollHeight - 120;
    change();
    if (isAtEnd) requestAnimationFrame(() => scrollTo({ top: document.body.scrollHeight }));
  }

  #setRunning(controller) {
    this.running = controller;
    this.answering = null;
    byId("ask").hidden = controller !== null;
    byId("stop").hidden = controller === null;
    return controller;
  }
}

/** Shows a conversation that somebody shared: the same messages, read-only. */
export async function showShared(token, report) {
  const target = byId("messages");
  let cursor = null;
  do {
    const query = cursor ? `?${new URLSearchParams({ cursor })}` : "";
    const page = await json("GET", `/api/shared/${encodeURIComponent(token)}${query}`);
    if (!cursor) {
      byId("title").textContent = page.title ?? "A conversation";
      target.replaceChildren(element("p", { className: "note" }, `Shared by ${page.shared_by}. You can read it.`));
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
