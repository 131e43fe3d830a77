// Schemas as quicktype infers them from sample documents. Run by ./run with quicktype 26.0.0.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const out = process.argv[2];
const home = new URL("node_modules/quicktype/", import.meta.url);
const { version, bin } = JSON.parse(readFileSync(new URL("package.json", home)));
const entry = fileURLToPath(new URL(bin.quicktype ?? bin, home));
const folder = mkdtempSync(join(tmpdir(), "quicktype-"));

// Writes one case, its schema inferred from the samples.
function write(name, samples, valid, invalid) {
  const paths = samples.map((sample, index) => {
    const path = join(folder, `${name}-${index}.json`);
    writeFileSync(path, JSON.stringify(sample));
    return path;
  });
  const top = name.replace(/(^|-)(.)/g, (_, __, letter) => letter.toUpperCase());
  const printed = execFileSync(process.execPath, [entry, "--lang", "schema", "--top-level", top, ...paths], { encoding: "utf8" });
  const text = JSON.stringify({ source: `quicktype ${version}: ${name}`, schema: JSON.parse(printed), valid, invalid }, null, 2);
  writeFileSync(`${out}/quicktype-${name}.json`, `${text}\n`);
}

const weather = [
  { city: "Oslo", at: "2026-11-22T10:00:00Z", temperature: -1.5, wind: { speed: 3, from: "north" }, warnings: [] },
  { city: "Rome", at: "2026-11-22T11:00:00Z", temperature: 15, wind: { speed: 4, from: "south" }, warnings: ["rain"], humidity: 70 },
  { city: "Oslo", at: "2026-11-23T10:00:00Z", temperature: 0, wind: { speed: 0, from: "north" }, warnings: ["ice", "rain"] },
];
write("weather", weather, weather, [
  { city: "Oslo" },
  { ...weather[0], wind: { speed: "3", from: "north" } },
  { ...weather[0], more: 1 },
  { ...weather[0], at: "today" },
]);

const orders = [[
  { id: 1, buyer: { name: "A", mail: null }, lines: [{ sku: "x", count: 1 }] },
  { id: 2, buyer: { name: "B", mail: "b@example.com" }, lines: [] },
]];
write("orders", orders, [orders[0], []], [{}, [{ id: 1 }], [{ id: "1", buyer: { name: "A", mail: null }, lines: [] }]]);

const links = [{ kind: "list", uuid: "123e4567-e89b-12d3-a456-426614174000", value: 1, url: "https://example.com/a" },
  { kind: "list", uuid: "123e4567-e89b-12d3-a456-426614174001", value: "text", url: "https://example.com/b" }];
write("mixed", links, links, [{ kind: "list" }, { ...links[0], value: null }, { ...links[0], url: "no url" }]);

const tree = [{ name: "a", kids: [{ name: "b", kids: [{ name: "c", kids: [] }] }] }];
write("tree", tree, tree, [{ name: "a" }, { name: 1, kids: [] }]);
