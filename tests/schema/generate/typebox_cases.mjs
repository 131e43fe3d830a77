// Schemas as TypeBox builds them. Run by ./run with @sinclair/typebox 0.34.52.
import { readFileSync, writeFileSync } from "node:fs";
import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";

const out = process.argv[2];
const version = JSON.parse(readFileSync(new URL("node_modules/@sinclair/typebox/package.json", import.meta.url))).version;

// Writes one case; TypeBox itself must agree about every document.
function write(name, type, valid, invalid) {
  for (const document of valid) if (!Value.Check(type, document)) throw new Error(`${name}: ${JSON.stringify(document)}`);
  for (const document of invalid) if (Value.Check(type, document)) throw new Error(`${name}: ${JSON.stringify(document)}`);
  const text = JSON.stringify({ source: `@sinclair/typebox ${version}: ${name}`, schema: type, valid, invalid }, null, 2);
  writeFileSync(`${out}/typebox-${name}.json`, `${text}\n`);
}

write("ticket", Type.Object({
  title: Type.String({ minLength: 3, maxLength: 40, description: "one line" }),
  priority: Type.Union([Type.Literal("low"), Type.Literal("high")]),
  estimate: Type.Optional(Type.Integer({ minimum: 1, maximum: 40 })),
  labels: Type.Array(Type.String(), { uniqueItems: true }),
}), [
  { title: "abc", priority: "low", labels: [] },
  { title: "abcd", priority: "high", estimate: 8, labels: ["a", "b"] },
], [
  { title: "ab", priority: "low", labels: [] },
  { title: "abc", priority: "mid", labels: [] },
  { title: "abc", priority: "low", labels: ["a", "a"] },
  { title: "abc", priority: "low", estimate: 1.5, labels: [] },
]);

const T = Type.Recursive((This) => Type.Object({
  id: Type.String(),
  nodes: Type.Array(This),
}), { $id: "Tree" });
write("recursive", T, [{ id: "a", nodes: [{ id: "b", nodes: [] }] }], [{ id: "a" }, { id: "a", nodes: [{ id: 1, nodes: [] }] }]);

write("composite", Type.Composite([
  Type.Object({ x: Type.Number(), y: Type.Number() }),
  Type.Object({ z: Type.Optional(Type.Number()), unit: Type.Const("mm") }),
]), [{ x: 1, y: 2, unit: "mm" }, { x: 1, y: 2, z: 3, unit: "mm" }], [{ x: 1, y: 2, unit: "cm" }, { x: 1, y: 2, z: "3", unit: "mm" }]);

write("intersect", Type.Intersect([
  Type.Object({ name: Type.String() }),
  Type.Object({ born: Type.Optional(Type.String({ format: "date", pattern: "^\\d{4}-\\d{2}-\\d{2}$" })) }),
], { unevaluatedProperties: false }), [{ name: "x" }], [{}, { name: 1 }, { name: "x", more: 1 }]);

write("tuple-record", Type.Object({
  range: Type.Tuple([Type.Number(), Type.Number()]),
  byName: Type.Record(Type.String(), Type.Boolean()),
}), [{ range: [1, 2], byName: { a: true } }], [{ range: [1], byName: {} }, { range: [1, 2], byName: { a: 1 } }]);

var Level;
(function (Level) {
  Level["Info"] = "info";
  Level["Error"] = "error";
})(Level || (Level = {}));
write("enum-closed", Type.Object({
  level: Type.Enum(Level),
  code: Type.Union([Type.Integer(), Type.Null()]),
  where: Type.Optional(Type.Object({ line: Type.Integer(), column: Type.Optional(Type.Integer()) }, { additionalProperties: false })),
}, { additionalProperties: false }), [
  { level: "info", code: null },
  { level: "error", code: 7, where: { line: 1 } },
  { level: "error", code: 7, where: { line: 1, column: 2 } },
], [
  { level: "warn", code: null },
  { level: "info" },
  { level: "info", code: null, where: null },
  { level: "info", code: null, where: { line: 1, column: null } },
]);
