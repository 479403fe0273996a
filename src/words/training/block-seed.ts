/** Every block draws from its own sequence, whichever lane takes it. */
export function blockSeed(seed: number, block: number): [low: number, high: number] {
  const mix = (value: number): number => {
    const a = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
    const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
    return (b ^ (b >>> 16)) >>> 0;
  };
  const low = mix(seed + Math.imul(block + 1, 0x9e3779b9));
  return [low, mix(low ^ Math.imul(block + 1, 0x85ebca77))];
}
