// How much of the GPUs' memory is in use, as NVIDIA's own tool tells.
import { execa } from "execa";

/** In MiB, over all GPUs; null where there is no such tool or it tells nothing. */
export async function gpuMemoryMib(): Promise<number | null> {
  const { exitCode, stdout = "" } = await execa("nvidia-smi", ["--query-gpu=memory.used", "--format=csv,noheader,nounits"], {
    reject: false,
    stdin: "ignore",
    timeout: 10_000,
  });
  const used = stdout.split("\n").map(Number);
  return exitCode === 0 && stdout.trim() !== "" && used.every(Number.isFinite) ? used.reduce((sum, mib) => sum + mib, 0) : null;
}
