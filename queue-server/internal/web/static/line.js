// One WebSocket that stays: it reconnects with jitter, notices a line that died
// without a word, and is right again when the page returns from the background.

import { hearTime, setTime } from "./page.js";
import { request } from "./ask.js";

const PROBE_EVERY = 15000; // ms between two looks at the line
const PROBE_LIMIT = 6000; // ms that one may take
const CREDENTIAL_ENDED = 4401; // a close code of the wire
const LONGEST_WAIT = 15000; // ms between two tries to connect

export class Line {
  // path: of the socket. probe: a view's path, to be looked at over HTTP.
  // onFrame(frame): a newer view. onState(on): the line came or went.
  // onProbe(answer): each look's answer, which may say that the session has ended.
  constructor({ path, probe, topics = [], onFrame, onState, onProbe = () => {} }) {
    Object.assign(this, { path, probe, onFrame, onState, onProbe });
    this.topics = new Set(topics);
    this.newest = new Map(); // topic -> {epoch, seq}
    this.failed = 0;
    this.on = null; // not known yet: the first answer is news, also where it is no
    this.socket = null;
    this.leftAt = 0;
  }

  start() {
    this.connect();
    this.prober = setInterval(() => this.look(), PROBE_EVERY);
    window.addEventListener("online", () => this.renew());
    window.addEventListener("offline", () => this.drop());
    window.addEventListener("pageshow", (e) => e.persisted && this.renew());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.leftAt = performance.now();
      // A phone freezes sockets in the background without telling: start afresh.
      else if (performance.now() - this.leftAt > 3000) this.renew();
    });
  }

  stop() {
    this.stopped = true;
    clearInterval(this.prober);
    clearTimeout(this.again);
    if (this.socket) this.socket.close();
  }

  watch(topic) {
    if (this.topics.has(topic)) return;
    this.topics.add(topic);
    this.send({ subscribe: [topic] });
  }

  leave(topic) {
    if (!this.topics.delete(topic)) return;
    this.newest.delete(topic);
    this.send({ unsubscribe: [topic] });
  }

  send(ask) {
    if (this.socket && this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(ask));
  }

  connect() {
    clearTimeout(this.again);
    if (this.stopped) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${this.path}`);
    this.socket = socket;
    socket.onopen = () => {
      if (socket !== this.socket) return socket.close();
      if (this.topics.size) this.send({ subscribe: [...this.topics] });
      this.look(); // for the clock: the first frame may be as old as the last change
    };
    socket.onmessage = (message) => {
      if (socket === this.socket) this.hear(JSON.parse(message.data));
    };
    socket.onclose = (e) => {
      if (socket !== this.socket) return;
      this.socket = null;
      this.failed++;
      this.set(false);
      if (this.stopped) return;
      if (this.failed === 2 || e.code === CREDENTIAL_ENDED) this.look(); // the answer says whether it is the line
      const longest = Math.min(LONGEST_WAIT, 500 * 2 ** Math.min(this.failed - 1, 6));
      this.again = setTimeout(() => this.connect(), longest * (0.5 + Math.random() / 2));
    };
  }

  hear(frame) {
    this.failed = 0;
    hearTime(frame.at);
    this.set(true);
    this.take(frame);
  }

  // take passes a frame on unless a newer one of its topic was seen already.
  take(frame) {
    if (!frame.problem) {
      const last = this.newest.get(frame.topic);
      if (last && last.epoch === frame.epoch && last.seq > frame.seq) return;
      this.newest.set(frame.topic, { epoch: frame.epoch, seq: frame.seq });
    }
    this.onFrame(frame);
  }

  set(on) {
    if (on === this.on) return;
    this.on = on;
    this.onState(on);
  }

  // drop gives the socket up; onclose of a dead one may take minutes, so it is not
  // waited for.
  drop() {
    const old = this.socket;
    this.socket = null;
    if (old) {
      old.onclose = null;
      old.close();
    }
    clearTimeout(this.again);
    this.set(false);
  }

  renew() {
    if (this.stopped) return;
    this.drop();
    this.failed = 0;
    this.connect();
  }

  // look asks over HTTP whether the server is there, and takes its view: a socket
  // whose other end has vanished looks open for minutes, and some networks let no
  // socket through.
  async look() {
    if (this.stopped || document.visibilityState === "hidden") return;
    try {
      const answer = await request(this.probe, {}, PROBE_LIMIT);
      this.onProbe(answer);
      if (!answer.ok || !answer.body) return;
      setTime(answer.body.at); // a frame that was made just now
      this.take(answer.body);
      this.send({}); // on a dead connection this brings its end
    } catch (noAnswer) {
      if (!this.socket || this.socket.readyState !== WebSocket.OPEN) return; // known already
      this.drop();
      this.failed++;
      this.again = setTimeout(() => this.connect(), 500 + Math.random() * 1000);
    }
  }
}
