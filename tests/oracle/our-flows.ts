import { CaptureError } from '../../src/capture/capture-error.ts';
import type { TimedSource } from '../../src/capture/source.ts';
import { ingest } from '../../src/pipeline.ts';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import type { Store } from '../../src/store/store.ts';

/** What the pipeline makes of one capture; null where it refuses the file's format. */
export async function ourFlows(path: string): Promise<FlowRecord[] | null> {
  const flows: FlowRecord[] = [];
  const captures: TimedSource[] = [{ path, name: path, begins: null }];
  const store = {
    nextCapture: () => 0,
    addCapture: () => {},
    addFlow: (flow: FlowRecord) => void flows.push(flow),
    addLimit: () => {},
    addLoss: () => {},
  } as unknown as Store;
  try {
    await ingest({ captures, hash: false, onProgress: () => {}, stop: () => false }, store);
  } catch (thrown) {
    if (thrown instanceof CaptureError) return null;
    throw thrown;
  }
  return flows.sort((one, other) => one.first.frame - other.first.frame);
}
