/** The way to the server: requests, and one socket over which asks are answered bit by bit. */

import type { Answer, AnswerBody, AskBody, Refused } from "./protocol";

/** What a server says of a request that it refuses. */
export class Refusal extends Error {
  constructor(
    readonly refused: Refused,
    readonly status: number,
  ) {
    super(refused.message);
  }
}

/** That no server was reached. */
export class Unreachable extends Error {
  constructor() {
    super("The server cannot be reached.");
  }
}

export async function getJson<T>(path: string): Promise<T> {
  return (await fetched(path)).json() as Promise<T>;
}

export async function postJson<T>(path: string, body: unknown): Promise<T> {
  return (await post(path, body)).json() as Promise<T>;
}

export function post(path: string, body: unknown): Promise<Response> {
  return fetched(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Sends a text as it is. */
export async function postText<T>(path: string, text: string): Promise<T> {
  const headers = { "Content-Type": "text/plain; charset=utf-8" };
  return (await fetched(path, { method: "POST", headers, body: text })).json() as Promise<T>;
}

async function fetched(path: string, options: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(new URL(path, document.baseURI), { ...options, credentials: "same-origin" });
  } catch {
    throw new Unreachable();
  }
  if (response.ok) return response;
  throw new Refusal(await refusedBy(response), response.status);
}

async function refusedBy(response: Response): Promise<Refused> {
  const nothing = { where: null, path: null, file: null, line: null };
  try {
    const told = (await response.json()) as { error?: Partial<Refused> };
    if (told.error?.message) return { ...nothing, ...told.error, message: told.error.message };
  } catch {
    // What is not JSON comes from something between the page and the server.
  }
  return { ...nothing, message: `The server answered ${response.status} ${response.statusText}.` };
}

export type LinkStatus = "connecting" | "open" | "lost";

export type Hearing = (answer: AnswerBody) => void;

interface Open {
  id: number;
  body: AskBody;
  hear: Hearing;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/**
 * The socket. Asks that have not been answered to the end when it breaks are asked again once it is back.
 *
 * An ask takes the place of the one before it on its topic, whose answers are no longer heard.
 */
export class Link {
  status: LinkStatus = "connecting";
  /** When the next attempt to connect is made, in ms since the epoch. */
  retryAt: number | null = null;
  private socket: WebSocket | null = null;
  private wait = FIRST_WAIT_MS;
  private timer: number | null = null;
  private last = 0;
  private readonly open = new Map<string, Open>();
  private readonly listeners = new Set<(status: LinkStatus) => void>();

  constructor(private readonly address: string) {
    this.connect();
    addEventListener("online", () => this.retry());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.retry();
    });
  }

  onStatus(listener: (status: LinkStatus) => void): void {
    this.listeners.add(listener);
  }

  ask(topic: string, body: AskBody, hear: Hearing): void {
    this.last += 1;
    const asked = { id: this.last, body, hear };
    this.open.set(topic, asked);
    this.send(topic, asked);
  }

  cancel(topic: string): void {
    const asked = this.open.get(topic);
    if (asked === undefined) return;
    this.open.delete(topic);
    this.send(topic, { ...asked, body: { ask: "cancel" } });
  }

  /** Try to connect now rather than when the wait is over. */
  retry(): void {
    if (this.status !== "lost") return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.connect();
  }

  private connect(): void {
    this.timer = null;
    this.retryAt = null;
    const socket = new WebSocket(this.address);
    this.socket = socket;
    socket.addEventListener("open", () => {
      this.wait = FIRST_WAIT_MS;
      this.tell("open");
      for (const [topic, asked] of this.open) this.send(topic, asked);
    });
    socket.addEventListener("message", (event) => this.hear(JSON.parse(String(event.data)) as Answer));
    socket.addEventListener("close", () => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.retryAt = Date.now() + this.wait;
      this.timer = window.setTimeout(() => this.connect(), this.wait);
      this.wait = Math.min(2 * this.wait, LONGEST_WAIT_MS);
      this.tell("lost");
    });
  }

  private send(topic: string, asked: Open): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.socket.send(JSON.stringify({ topic, id: asked.id, ...asked.body }));
  }

  private hear(answer: Answer): void {
    const asked = this.open.get(answer.topic);
    if (asked?.id !== answer.id) return;
    if (answer.type === "done" || answer.type === "error") this.open.delete(answer.topic);
    asked.hear(answer);
  }

  private tell(status: LinkStatus): void {
    this.status = status;
    for (const listener of this.listeners) listener(status);
  }
}

/** The address of a socket beside the page. */
export function socketAddress(path: string): string {
  const address = new URL(path, document.baseURI);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}
