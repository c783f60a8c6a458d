/**
 * The primitive types of Kafka's protocol, as bytes.
 *
 * The same reader serves requests and record batches. It never reads past its end: a length that
 * does not fit is an error with the position, because a judge that misreads quietly is worse than
 * none.
 */
export class Reader {
  #at = 0;

  constructor(private readonly bytes: Buffer) {}

  get position(): number {
    return this.#at;
  }

  get remaining(): number {
    return this.bytes.length - this.#at;
  }

  int8(): number {
    return this.bytes.readInt8(this.#skip(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.#skip(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.#skip(4));
  }

  uint32(): number {
    return this.bytes.readUInt32BE(this.#skip(4));
  }

  int64(): bigint {
    return this.bytes.readBigInt64BE(this.#skip(8));
  }

  /** An offset, a timestamp: as a number, and only if it is one without loss. */
  count(): number {
    const high = this.bytes.readInt32BE(this.#skip(4));
    const low = this.bytes.readUInt32BE(this.#skip(4));
    const value = high * 0x1_0000_0000 + low;
    if (!Number.isSafeInteger(value)) throw new WireFault(`${value} is beyond 2^53`, this.#at);
    return value;
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  unsignedVarint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes.readUInt8(this.#skip(1));
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      if (factor > 2 ** 49) throw new WireFault('a varint does not end', this.#at);
    }
  }

  /** Zigzag: 0, -1, 1, -2, 2 are 0, 1, 2, 3, 4. */
  varint(): number {
    const value = this.unsignedVarint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A view, not a copy. */
  slice(length: number): Buffer {
    const from = this.#skip(length);
    return this.bytes.subarray(from, from + length);
  }

  string(): string {
    return this.slice(this.int16()).toString('utf8');
  }

  nullableString(): string | null {
    const length = this.int16();
    return length < 0 ? null : this.slice(length).toString('utf8');
  }

  nullableBytes(): Buffer | null {
    const length = this.int32();
    return length < 0 ? null : this.slice(length);
  }

  array<T>(one: (reader: Reader) => T): T[] {
    return this.#many(Math.max(0, this.int32()), one);
  }

  compactString(): string {
    return this.slice(this.unsignedVarint() - 1).toString('utf8');
  }

  compactNullableString(): string | null {
    const length = this.unsignedVarint();
    return length === 0 ? null : this.slice(length - 1).toString('utf8');
  }

  compactArray<T>(one: (reader: Reader) => T): T[] {
    return this.#many(Math.max(0, this.unsignedVarint() - 1), one);
  }

  /** Tagged fields are additions that an older reader may pass over. */
  passTags(): void {
    const tags = this.unsignedVarint();
    for (let tag = 0; tag < tags; tag++) {
      this.unsignedVarint();
      this.slice(this.unsignedVarint());
    }
  }

  #many<T>(length: number, one: (reader: Reader) => T): T[] {
    if (length > this.remaining) throw new WireFault(`an array of ${length}`, this.#at);
    return Array.from({ length }, () => one(this));
  }

  #skip(length: number): number {
    const from = this.#at;
    if (length < 0 || length > this.remaining) {
      throw new WireFault(`${length} bytes are asked for, ${this.remaining} are left`, from);
    }
    this.#at += length;
    return from;
  }
}

class WireFault extends Error {
  override readonly name = 'WireFault';
  constructor(what: string, position: number) {
    super(`${what} (at byte ${position})`);
  }
}

export class Writer {
  readonly #parts: Buffer[] = [];

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  int8(value: number): this {
    return this.#fixed(1, (part) => part.writeInt8(value));
  }

  int16(value: number): this {
    return this.#fixed(2, (part) => part.writeInt16BE(value));
  }

  int32(value: number): this {
    return this.#fixed(4, (part) => part.writeInt32BE(value));
  }

  int64(value: bigint): this {
    return this.#fixed(8, (part) => part.writeBigInt64BE(value));
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  unsignedVarint(value: number): this {
    const bytes: number[] = [];
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
    return this.#raw(Buffer.from([...bytes, rest]));
  }

  string(value: string): this {
    const text = Buffer.from(value, 'utf8');
    return this.int16(text.length).#raw(text);
  }

  array<T>(values: readonly T[], one: (value: T) => void): this {
    this.int32(values.length);
    values.forEach((value) => one(value));
    return this;
  }

  compactString(value: string): this {
    const text = Buffer.from(value, 'utf8');
    return this.unsignedVarint(text.length + 1).#raw(text);
  }

  compactArray<T>(values: readonly T[], one: (value: T) => void): this {
    this.unsignedVarint(values.length + 1);
    values.forEach((value) => one(value));
    return this;
  }

  noTags(): this {
    return this.unsignedVarint(0);
  }

  #fixed(length: number, write: (part: Buffer) => void): this {
    const part = Buffer.alloc(length);
    write(part);
    return this.#raw(part);
  }

  #raw(part: Buffer): this {
    this.#parts.push(part);
    return this;
  }
}
