/** The socket of live runs: opened for the first of them, one run at a time on it. */

import { socketAddress } from "../link";
import type { OperationAsk, OperationMessage } from "./protocol";

export class Channel {
  private socket: WebSocket | null = null;
  private waiting: OperationAsk[] = [];

  constructor(
    private readonly hear: (message: OperationMessage) => void,
    /** The connection is gone, and with it the run. */
    private readonly lost: () => void,
  ) {}

  send(ask: OperationAsk): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(ask));
    else {
      this.waiting.push(ask);
      this.socket ??= this.open();
    }
  }

  /** Go, and let the run go with it; the next start opens it anew. */
  close(): void {
    const { socket } = this;
    this.socket = null;
    this.waiting = [];
    socket?.close();
  }

  private open(): WebSocket {
    const socket = new WebSocket(socketAddress("api/operations"));
    socket.addEventListener("open", () => {
      for (const ask of this.waiting.splice(0)) socket.send(JSON.stringify(ask));
    });
    socket.addEventListener("message", (event) => {
      if (this.socket === socket) this.hear(JSON.parse(String(event.data)) as OperationMessage);
    });
    socket.addEventListener("close", () => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.waiting = [];
      this.lost();
    });
    return socket;
  }
}
