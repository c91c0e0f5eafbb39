import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * Installs the packages of the lock file when `node_modules` is missing or came from another lock.
 * Uses `npm install`, since `npm ci` refuses a lock whose optional packages of other platforms a mirror lacks.
 *
 * @returns {Promise<boolean>} whether something was installed
 */
export async function ensureDependencies(root, print) {
  if (isInstalled(root)) return false;
  const lockFile = path.join(root, "package-lock.json");
  const before = readFileSync(lockFile);
  print("Installing the npm packages (a minute when nothing is cached)");
  await npmInstall(root);
  if (!readFileSync(lockFile).equals(before)) {
    writeFileSync(lockFile, before);
    print("npm wanted to change package-lock.json; the file was put back as it was. Does package.json agree with it?");
  }
  writeFileSync(stampFile(root), fingerprint(root));
  return true;
}

/** True when `node_modules` was installed from exactly this lock, on this platform. */
export function isInstalled(root) {
  const stamp = stampFile(root);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint(root);
}

function stampFile(root) {
  return path.join(root, "node_modules", ".countersign-install");
}

function fingerprint(root) {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  const { dependencies, devDependencies, allowScripts } = JSON.parse(
    readFileSync(path.join(root, "package.json"), "utf8"),
  );
  hash.update(JSON.stringify([dependencies, devDependencies, allowScripts]));
  hash.update(readFileSync(path.join(root, "package-lock.json")));
  return hash.digest("hex");
}

function npmInstall(root) {
  const npm = process.env.npm_execpath;
  const isScript = npm !== undefined && /npm-cli\.(c?js|mjs)$/.test(npm);
  const command = isScript ? process.execPath : "npm";
  const args = [
    ...(isScript ? [npm] : []),
    "install",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--loglevel=error",
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", () => reject(new Error("npm was not found beside Node; install it and try again.")));
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`"npm install" failed with code ${code}; its message stands above.`)),
    );
  });
}
