/** Two short tones, made by the browser: no file is fetched. A browser lets a page sound once its user has clicked. */
export function soundAlert(): void {
  const context = new AudioContext();
  const gain = context.createGain();
  gain.gain.value = 0.15;
  gain.connect(context.destination);
  for (const [i, hertz] of [660, 880].entries()) {
    const tone = context.createOscillator();
    tone.frequency.value = hertz;
    tone.connect(gain);
    tone.start(context.currentTime + 0.18 * i);
    tone.stop(context.currentTime + 0.18 * i + 0.15);
    if (i === 1) tone.addEventListener('ended', () => context.close());
  }
}
