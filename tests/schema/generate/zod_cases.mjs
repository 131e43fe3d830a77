// Schemas as z.toJSONSchema() emits them. Run by ./run with zod 4.6.7.
import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod";

const out = process.argv[2];
const version = JSON.parse(readFileSync(new URL("node_modules/zod/package.json", import.meta.url))).version;

// Writes one case; Zod itself must agree about every document.
function write(name, type, valid, invalid, options = {}) {
  for (const document of valid) type.parse(document);
  for (const document of invalid) if (type.safeParse(document).success) throw new Error(`${name}: ${JSON.stringify(document)}`);
  const schema = z.toJSONSchema(type, options);
  const text = JSON.stringify({ source: `zod ${version}: ${name}`, schema, valid, invalid }, null, 2);
  writeFileSync(`${out}/zod-${name}.json`, `${text}\n`);
}

const user = z.object({
  name: z.string().min(1).describe("full name"),
  age: z.number().int().nonnegative().optional(),
  email: z.email().nullable(),
  role: z.enum(["admin", "user"]),
});
write("user", user, [
  { name: "Ann", age: 3, email: "a@example.com", role: "admin" },
  { name: "Bo", email: null, role: "user" },
], [
  { name: "", email: null, role: "user" },
  { name: "Bo", role: "user" },
  { name: "Bo", age: -1, email: null, role: "user" },
  { name: "Bo", age: null, email: null, role: "user" },
  { name: "Bo", email: "no", role: "user" },
  { name: "Bo", email: null, role: "root" },
]);

const shape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("circle"), radius: z.number().positive() }),
  z.object({ kind: z.literal("square"), side: z.number().positive(), label: z.string().optional() }),
]);
write("discriminated-root", shape, [
  { kind: "circle", radius: 1.5 },
  { kind: "square", side: 2 },
  { kind: "square", side: 2, label: "x" },
], [{ kind: "circle", side: 2 }, { kind: "circle", radius: 0 }, { kind: "oval" }, {}]);

write("drawing", z.object({ title: z.string(), shapes: z.array(shape).min(1) }), [
  { title: "t", shapes: [{ kind: "circle", radius: 1 }, { kind: "square", side: 1 }] },
], [{ title: "t", shapes: [] }, { title: "t", shapes: [{ kind: "circle" }] }]);

const category = z.object({
  name: z.string(),
  get children() {
    return z.array(category);
  },
});
write("recursive", category, [
  { name: "a", children: [] },
  { name: "a", children: [{ name: "b", children: [{ name: "c", children: [] }] }] },
], [{ name: "a" }, { name: "a", children: [{ name: "b" }] }]);

write("record", z.object({ scores: z.record(z.string(), z.number()) }), [{ scores: {} }, { scores: { a: 1 } }], [
  { scores: { a: "1" } }, {},
]);

write("tuple", z.object({ at: z.tuple([z.number(), z.number()]), path: z.tuple([z.string()]).rest(z.int()) }), [
  { at: [1, 2], path: ["x"] },
  { at: [0.5, -1], path: ["x", 1, 2] },
], [{ at: [1], path: ["x"] }, { at: [1, "2"], path: ["x"] }, { at: [1, 2], path: ["x", "y"] }]);

write("intersection", z.intersection(
  z.object({ id: z.uuid(), at: z.iso.datetime() }),
  z.object({ body: z.union([z.string(), z.number(), z.null()]), seen: z.boolean().default(false) }),
), [
  { id: "123e4567-e89b-42d3-a456-426614174000", at: "2026-11-22T10:00:00Z", body: "x", seen: true },
  { id: "123e4567-e89b-42d3-a456-426614174000", at: "2026-11-22T10:00:00Z", body: null, seen: false },
], [
  { id: "x", at: "2026-11-22T10:00:00Z", body: "x", seen: true },
  { id: "123e4567-e89b-42d3-a456-426614174000", at: "2026-11-22T10:00:00Z", body: true, seen: true },
]);

write("strict-nullish", z.strictObject({
  kept: z.string().nullish(),
  note: z.string().optional(),
  tags: z.array(z.string()).max(2).optional(),
  version: z.literal([1, 2]),
}), [
  { kept: null, version: 1 },
  { kept: "x", note: "y", tags: ["a"], version: 2 },
], [
  { version: 3 },
  { version: 1, note: null },
  { version: 1, tags: ["a", "b", "c"] },
  { version: 1, more: 1 },
]);

write("draft-7", z.object({
  url: z.url(),
  price: z.number().multipleOf(0.5).lt(100),
  pair: z.tuple([z.string(), z.boolean()]),
  maybe: z.string().nullable().optional(),
}), [
  { url: "https://example.com", price: 2.5, pair: ["a", true] },
  { url: "https://example.com", price: 0, pair: ["a", true], maybe: null },
], [
  { url: "https://example.com", price: 100, pair: ["a", true] },
  { url: "https://example.com", price: 0.25, pair: ["a", true] },
  { url: "https://example.com", price: 1, pair: ["a", 1] },
], { target: "draft-7" });
