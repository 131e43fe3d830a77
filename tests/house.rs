//! The order of the house: which room may import which, no circles of files, sizes, and one name for one thing.
//!
//! The order of the rooms is the table at the top of `src/lib.rs`. Imports are read as text: `use` declarations and
//! paths that begin with `crate`, `self`, `super` or the name of a child module. Test code does not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Longest function, in lines.
const FUNCTION_LINES: usize = 60;
/// Longest file, in lines.
const FILE_LINES: usize = 450;
/// Of the definitions of types, how many in a hundred may share their name with one in another file.
const SHARED_NAMES: usize = 8;

/// A module path: `["settings", "config"]`.
type ModulePath = Vec<String>;

/// The program: the text of each module without its tests.
struct House {
    /// Text by module; `lib.rs` is the empty path.
    files: BTreeMap<ModulePath, String>,
    /// Items that a module re-exports: where each really stands.
    exports: BTreeMap<(ModulePath, String), ModulePath>,
}

impl House {
    /// Builds it from the paths and texts of files, such as `settings/mod.rs`.
    fn new(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let files = files.into_iter().map(|(path, text)| (module(&path), program(&text))).collect();
        let mut house = Self { files, exports: BTreeMap::new() };
        let re_export = Regex::new(r"(?s)\bpub(?:\([a-z ]+\))?\s+use\s+([^;]+);").expect("a good pattern");
        for (module, text) in house.files.clone() {
            for found in re_export.captures_iter(&text) {
                for path in expanded(&found[1]) {
                    let Some(name) = path.last().cloned() else { continue };
                    let target = house.target(&module, &path);
                    house.exports.extend(target.map(|target| ((module.clone(), name), target)));
                }
            }
        }
        house
    }

    /// Every import: the module that imports and the one that holds what it imports.
    fn imports(&self) -> BTreeSet<(ModulePath, ModulePath)> {
        let declared = Regex::new(r"(?m)^\s*(?:pub(?:\([a-z ]+\))? )?mod (\w+);").expect("a good pattern");
        let used = Regex::new(r"(?s)\buse\s+([^;]+);").expect("a good pattern");
        let named = Regex::new(r"\b(?:crate|super|self)(?:::\w+)+").expect("a good pattern");
        let path_start = Regex::new(r"(?:^|[^:\w])(\w+)::").expect("a good pattern");
        let mut imports = BTreeSet::new();
        for (module, text) in &self.files {
            let mut paths: Vec<Vec<String>> = used.captures_iter(text).flat_map(|found| expanded(&found[1])).collect();
            paths.extend(named.find_iter(text).map(|found| found.as_str().split("::").map(str::to_owned).collect()));
            let children: Vec<&str> =
                declared.captures_iter(text).filter_map(|found| found.get(1)).map(|name| name.as_str()).collect();
            let starts = path_start.captures_iter(text).map(|found| found[1].to_owned());
            paths.extend(starts.filter(|name| children.contains(&name.as_str())).map(|name| vec![name]));
            let targets = paths.iter().filter_map(|path| self.target(module, path));
            imports.extend(targets.filter(|target| target != module).map(|target| (module.clone(), target)));
        }
        imports
    }

    /// The module that holds what `path` names inside `module`; `None` for what other crates hold.
    fn target(&self, module: &ModulePath, path: &[String]) -> Option<ModulePath> {
        let mut place = match path.first()?.as_str() {
            "crate" => Vec::new(),
            "self" => module.clone(),
            "super" => module[..module.len().checked_sub(1)?].to_vec(),
            child => {
                let place = [module.clone(), vec![child.to_owned()]].concat();
                return self.files.contains_key(&place).then(|| self.inside(place, &path[1..]));
            }
        };
        let mut rest = &path[1..];
        while rest.first().is_some_and(|name| name == "super") {
            place.pop();
            rest = &rest[1..];
        }
        Some(self.inside(place, rest))
    }

    /// The module that holds what `rest` names from `place` on.
    fn inside(&self, mut place: ModulePath, rest: &[String]) -> ModulePath {
        for name in rest {
            let deeper = [place.clone(), vec![name.clone()]].concat();
            if self.files.contains_key(&deeper) {
                place = deeper;
            } else {
                return self.exports.get(&(place.clone(), name.clone())).cloned().unwrap_or(place);
            }
        }
        place
    }

    /// Imports of a room that stands above the one that imports, or at its side, by the order of the rooms.
    fn imports_against(&self, order: &[Vec<String>]) -> Vec<String> {
        let floor = |module: &ModulePath| order.iter().position(|rooms| rooms.contains(&module[0]));
        let imports = self.imports();
        let between = imports.iter().filter(|(from, to)| !from.is_empty() && !to.is_empty() && from[0] != to[0]);
        let against = between.filter(|(from, to)| match (floor(from), floor(to)) {
            (Some(from), Some(to)) => from > to || from == to && from + 1 < order.len(),
            _ => true,
        });
        against.map(|(from, to)| format!("{} imports {}", from.join("::"), to.join("::"))).collect()
    }

    /// Files that import each other, directly or round others.
    fn circles(&self) -> Vec<String> {
        let imports = self.imports();
        let mut reached: BTreeMap<&ModulePath, BTreeSet<&ModulePath>> = BTreeMap::new();
        for start in self.files.keys().filter(|module| !module.is_empty()) {
            let mut open = vec![start];
            let seen = reached.entry(start).or_default();
            while let Some(module) = open.pop() {
                for (_, next) in imports.iter().filter(|(from, _)| from == module) {
                    if seen.insert(next) {
                        open.push(next);
                    }
                }
            }
        }
        let is_circle = |module: &&&ModulePath| reached[**module].contains(**module);
        reached.keys().filter(is_circle).map(|module| module.join("::")).collect()
    }
}

/// The module of a file under `src`.
fn module(path: &str) -> ModulePath {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').filter(|name| *name != "lib").map(str::to_owned).collect()
}

/// The text of a file without comments and without the tests at its end.
fn program(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    let code = |line: &&str| !line.trim_start().starts_with("//");
    // A visibility names a room without importing it.
    text[..end].lines().filter(code).map(|line| line.replace("(in crate::", "(") + "\n").collect()
}

/// The paths of a `use` declaration, its braces multiplied out; what `as` renames keeps the name it is given.
fn expanded(tree: &str) -> Vec<Vec<String>> {
    let tree = tree.trim();
    let Some((head, rest)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default().split("::");
        return vec![path.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()];
    };
    let body = rest.trim_end().trim_end_matches('}');
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, letter) in rest.char_indices().take_while(|(at, _)| *at < rest.rfind('}').unwrap_or(body.len())) {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&rest[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&rest[start..rest.rfind('}').unwrap_or(rest.len())]);
    let head: Vec<String> =
        head.split("::").map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    let tails = parts.into_iter().filter(|part| !part.trim().is_empty()).flat_map(expanded);
    tails.map(|tail| head.iter().cloned().chain(tail.into_iter().filter(|name| name != "self")).collect()).collect()
}

/// The files of the program and their texts, by path under `src`.
fn files() -> Vec<(String, String)> {
    /// Adds the files of a folder.
    fn add(folder: &Path, root: &Path, files: &mut Vec<(String, String)>) {
        let entries = fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("readable").path());
        for path in entries.collect::<BTreeSet<PathBuf>>() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && name != "tests" {
                add(&path, root, files);
            } else if name.ends_with(".rs") && !["main.rs", "laws.rs", "tests.rs"].contains(&name.as_str()) {
                let shown = path.strip_prefix(root).expect("under src").to_string_lossy().replace('\\', "/");
                files.push((shown, fs::read_to_string(&path).expect("readable")));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files_found = Vec::new();
    add(&root, &root, &mut files_found);
    files_found
}

/// The rooms from the top down, as the table in `lib.rs` has them; the last row is the words that all rooms share.
fn order(lib: &str) -> Vec<Vec<String>> {
    let rows = lib.lines().filter_map(|line| line.strip_prefix("//! | `")?.split_once(" | "));
    rows.map(|(names, _)| names.split(['`', ',', ' ']).filter(|name| !name.is_empty()).map(str::to_owned).collect())
        .collect()
}

#[test]
fn a_room_imports_only_rooms_below_it() {
    let files = files();
    let lib = files.iter().find(|(path, _)| path == "lib.rs").map(|(_, text)| text.clone()).expect("lib.rs is there");
    let order = order(&lib);
    assert!(order.len() > 8, "the table of rooms in lib.rs is not understood: {order:?}");
    assert_eq!(House::new(files).imports_against(&order), [""; 0]);
}

#[test]
fn no_file_imports_its_importer() {
    assert_eq!(House::new(files()).circles(), [""; 0]);
}

#[test]
fn planted_faults_are_found() {
    let house =
        |files: &[(&str, &str)]| House::new(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    let order = order("//! | `run` | story |\n//! | `wire` | bytes |\n//! | `request`, `failure` | words |\n");
    let upwards = house(&[
        ("run.rs", ""),
        ("wire/mod.rs", "mod chat;\npub(crate) use self::chat::Body;"),
        ("wire/chat.rs", "use crate::{request::Request,\n    run};\nuse crate::failure;"),
        ("request.rs", "fn f() { crate::wire::Body::new() }"),
        ("failure.rs", "use crate::request::Request;\n#[cfg(test)]\nmod tests { use crate::run; }"),
    ]);
    assert_eq!(upwards.imports_against(&order), ["request imports wire::chat", "wire::chat imports run"]);
    assert_eq!(upwards.circles(), ["failure", "request", "wire::chat"]);

    let parent = house(&[("run/mod.rs", "mod ask;\nfn f() { ask::ask() }"), ("run/ask.rs", "use super::Session;")]);
    assert_eq!(parent.circles(), ["run", "run::ask"]);
    let exported = house(&[
        ("run/mod.rs", "mod ask;\nmod session;\npub(crate) use session::Session;"),
        ("run/ask.rs", "use super::Session;"),
        ("run/session.rs", "// use super::ask;"),
    ]);
    assert_eq!(exported.circles(), [""; 0]);
}

#[test]
fn functions_and_files_stay_short() {
    let function = Regex::new(r"^(\s*)(?:pub(?:\([a-z ]+\))? )?(?:const )?fn (\w+)").expect("a good pattern");
    let mut long = Vec::new();
    for (path, text) in files() {
        let lines: Vec<&str> = text.lines().collect();
        if lines.len() > FILE_LINES {
            long.push(format!("{path}: {} lines", lines.len()));
        }
        for (start, line) in lines.iter().enumerate() {
            let Some(found) = function.captures(line) else { continue };
            let end = lines[start..].iter().position(|line| *line == format!("{}}}", &found[1])).unwrap_or(0);
            if end >= FUNCTION_LINES {
                long.push(format!("{path}: {} has {} lines", &found[2], end + 1));
            }
        }
    }
    assert_eq!(long, [""; 0]);
}

#[test]
fn type_names_are_not_shared() {
    let definition =
        Regex::new(r"(?m)^\s*(?:pub(?:\([a-z ]+\))? )?(?:struct|enum|trait) ([A-Z]\w*)").expect("a good pattern");
    let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in files() {
        for found in definition.captures_iter(&program(&text)) {
            places.entry(found[1].to_owned()).or_default().insert(path.clone());
        }
    }
    let shared: Vec<_> = places.iter().filter(|(_, places)| places.len() > 1).collect();
    assert!(100 * shared.len() < SHARED_NAMES * places.len(), "{shared:?}");
}
