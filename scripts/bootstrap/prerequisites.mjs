import { execFileSync } from "node:child_process";
import { realpathSync, statSync } from "node:fs";
import path from "node:path";

const NODE_FLOOR = [20, 19];
const PYTHON_FLOOR = [3, 11];
const PROBE = [
  "import json, sys",
  "def has(name):",
  "    try:",
  "        __import__(name)",
  "        return True",
  "    except Exception:",
  "        return False",
  "print(json.dumps({'version': list(sys.version_info[:3]), 'executable': sys.executable, 'prefix': sys.base_prefix,",
  "  'venv': has('venv') and has('ensurepip'), 'pip': has('pip')}))",
].join("\n");

/** A sentence that says what is missing, or null. */
export function nodeProblem(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isNewEnough = major > NODE_FLOOR[0] || (major === NODE_FLOOR[0] && minor >= NODE_FLOOR[1]);
  if (isNewEnough) return null;
  return `Countersign needs Node ${NODE_FLOOR.join(".")} or later; this is Node ${version}. Install a newer Node and try again.`;
}

/**
 * Finds a Python that can build environments. As root an interpreter that other accounts may run is
 * preferred, because pipeline steps run as one of those.
 *
 * @returns {{ executable: string, version: string } | { problem: string }}
 */
export function findPython(environment = process.env) {
  const named = environment.COUNTERSIGN_PYTHON;
  const names = named
    ? [named]
    : ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "/usr/bin/python3", "python"];
  const found = names.map(probe).filter((python) => python !== null);
  const recent = found.filter((python) => isPythonRecent(python.version));
  if (recent.length === 0) return { problem: oldPythonProblem(found[0]) };
  const able = recent.filter((python) => python.venv && python.pip);
  if (able.length === 0) return { problem: barePythonProblem(recent[0]) };
  const isRoot = process.getuid?.() === 0;
  const chosen =
    (isRoot && able.find((python) => isOpenToOthers(python.executable) && isOpenToOthers(python.prefix))) || able[0];
  return { executable: chosen.executable, version: chosen.version.join(".") };
}

function probe(command) {
  try {
    const output = execFileSync(command, ["-c", PROBE], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 20_000,
    });
    return JSON.parse(output);
  } catch {
    return null;
  }
}

function isPythonRecent([major, minor]) {
  return major > PYTHON_FLOOR[0] || (major === PYTHON_FLOOR[0] && minor >= PYTHON_FLOOR[1]);
}

function oldPythonProblem(python) {
  const seen = python ? `the newest found is Python ${python.version.join(".")}` : "none was found";
  return `Countersign needs Python ${PYTHON_FLOOR.join(".")} or later with venv and pip; ${seen}. Install one, or name it in COUNTERSIGN_PYTHON.`;
}

function barePythonProblem(python) {
  const missing = [python.venv ? null : "venv", python.pip ? null : "pip"].filter(Boolean).join(" and ");
  return `Python ${python.version.join(".")} (${python.executable}) lacks ${missing}; on Debian and Ubuntu run "apt-get install python3-venv python3-pip".`;
}

/** Whether an account that is neither owner nor in the group can reach and run this path. */
function isOpenToOthers(target) {
  let current;
  try {
    current = realpathSync(target);
  } catch {
    return false;
  }
  for (;;) {
    if ((statSync(current).mode & 0o001) === 0) return false;
    const parent = path.dirname(current);
    if (parent === current) return true;
    current = parent;
  }
}
