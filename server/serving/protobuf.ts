/** One field of a protocol buffer message: a number (varint) or bytes. Fixed-size fields are passed over. */
export type Field = { readonly number: number; readonly value: number | Uint8Array };

/** Bytes that are no protocol buffer. */
export class ProtobufError extends Error {
  override readonly name = "ProtobufError";
}

/** The fields of a message, in order. Lengths are checked against the message's end. */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at];
      if (byte === undefined) throw new ProtobufError("The message ends inside a number.");
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new ProtobufError("A number is longer than ten bytes.");
  };
  const take = (length: number): Uint8Array => {
    if (length < 0 || at + length > message.length) throw new ProtobufError("A field is longer than its message.");
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = Number(varint());
    const number = Math.floor(key / 8);
    const wire = key % 8;
    if (number < 1) throw new ProtobufError("A field has no number.");
    if (wire === 0) yield { number, value: Number(varint()) };
    else if (wire === 2) yield { number, value: take(Number(varint())) };
    else if (wire === 1) take(8);
    else if (wire === 5) take(4);
    else throw new ProtobufError(`The wire type ${wire} is unknown.`);
  }
}

export function bytesOf(message: Uint8Array, number: number): readonly Uint8Array[] {
  return [...fieldsOf(message)].flatMap((field) =>
    field.number === number && field.value instanceof Uint8Array ? [field.value] : [],
  );
}

export function firstBytes(message: Uint8Array, number: number): Uint8Array | null {
  return bytesOf(message, number).at(-1) ?? null;
}

export function numberOf(message: Uint8Array, number: number): number | null {
  return (
    [...fieldsOf(message)]
      .flatMap((field) => (field.number === number && typeof field.value === "number" ? [field.value] : []))
      .at(-1) ?? null
  );
}

export function textOf(message: Uint8Array, number: number): string {
  const bytes = firstBytes(message, number);
  return bytes ? new TextDecoder().decode(bytes) : "";
}
