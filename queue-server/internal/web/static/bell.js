// Calls the visitor: a chime, a vibration, a screen that stays awake. A browser
// allows each only after a tap, and some on secure pages only; what is missing is
// left out, the page's words and colour say the same.

const TIMES = 4; // the chime is repeated for a phone in a pocket
const APART = 2600; // ms

export class Bell {
  constructor() {
    this.on = false;
    this.audio = null;
    this.awake = null;
    this.again = 0;
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState !== "visible" || !this.on) return;
      if (this.audio) this.audio.resume();
      this.stayAwake(); // the browser took the lock when the page went away
    });
  }

  // toggle is called by a tap: only then may a page make itself heard.
  toggle() {
    this.on = !this.on;
    if (!this.on) return this.end();
    const Audio = window.AudioContext || window.webkitAudioContext;
    if (Audio && !this.audio) this.audio = new Audio();
    if (this.audio) this.audio.resume();
    this.chime(); // so that the visitor knows how it sounds, and how loud
    this.stayAwake();
  }

  ring() {
    this.hush();
    let left = TIMES;
    const once = () => {
      if (navigator.vibrate) navigator.vibrate([500, 200, 500]);
      if (this.on) this.chime();
      if (--left > 0) this.again = setTimeout(once, APART);
    };
    once();
  }

  hush() {
    clearTimeout(this.again);
    if (navigator.vibrate) navigator.vibrate(0);
  }

  end() {
    this.on = false;
    this.hush();
    if (this.awake) this.awake.release();
    this.awake = null;
  }

  // chime is three rising notes (C5, E5, G5), each dying away.
  chime() {
    const a = this.audio;
    if (!a) return;
    [523.25, 659.25, 783.99].forEach((pitch, i) => {
      const at = a.currentTime + 0.05 + i * 0.28;
      const tone = a.createOscillator();
      const gain = a.createGain();
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(0.0001, at);
      gain.gain.exponentialRampToValueAtTime(0.7, at + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.0001, at + 1.1);
      tone.connect(gain).connect(a.destination);
      tone.start(at);
      tone.stop(at + 1.2);
    });
  }

  async stayAwake() {
    if (!this.on || !navigator.wakeLock) return;
    try {
      this.awake = await navigator.wakeLock.request("screen");
    } catch (refused) {
      this.awake = null; // a low battery, say
    }
  }
}
