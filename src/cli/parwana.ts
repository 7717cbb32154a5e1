#!/usr/bin/env node
// Everything else is imported only after this check, so that an older Node gets a sentence and not a syntax error.
const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 24) {
  process.stderr.write(
    `Parwana needs Node 24 or newer, this is ${process.versions.node}. Run it as \`npx parwana\` in the project's folder, which brings its own Node on Linux, or install Node 24.\n`,
  );
  process.exitCode = 1;
} else {
  // `parwana facts | head` closes the pipe early: that is no failure. A server goes on.
  process.stdout.on("error", (error) => {
    if (!("code" in error && error.code === "EPIPE")) throw error;
    if (process.argv[2] !== "start") process.exit(0);
  });
  const { run } = await import("./run.ts");
  const code = await run(process.argv.slice(2));
  // A server that goes on running has no exit code yet.
  if (code !== 0) process.exitCode = code;
}
