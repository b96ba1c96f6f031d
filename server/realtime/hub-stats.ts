export interface HubStats {
  /** Open now. */
  streams: number;
  /** Frames, streams times events. */
  deliveries: number;
  /** Writes that the deliveries left in. */
  writes: number;
  bytes: number;
  /** Events made into frames. */
  serialisations: number;
  /** Frames that carried more text of an answer, and their bytes, counted once for all devices. */
  answerFrames: number;
  answerBytes: number;
  slowReaderCloses: number;
  /** Streams that came back and were told what they had missed without a look at the database. */
  resumedFromMemory: number;
}

export interface HubObserver {
  /** The frames of one turn of the event loop were handed to every stream they go to. */
  fannedOut?(frames: number, seconds: number): void;
  /** A block of what a cursor had missed was handed to its stream, which is not live yet. */
  replayed?(frames: number): void;
  /** More text of an answer was handed to its streams. */
  answerExtended?(): void;
}

export const noStats = (): HubStats => ({
  streams: 0,
  deliveries: 0,
  writes: 0,
  bytes: 0,
  serialisations: 0,
  answerFrames: 0,
  answerBytes: 0,
  slowReaderCloses: 0,
  resumedFromMemory: 0,
});
