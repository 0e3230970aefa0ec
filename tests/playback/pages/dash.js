// Opens a DASH manifest with dash.js, at its lowest level, with little buffered ahead and no second try of a request.
'use strict';

window.open_manifest = (video, url, problem) => new Promise((resolve) => {
  const never = {
    MPD: 0, MediaSegment: 0, InitializationSegment: 0, BitstreamSwitchingSegment: 0, IndexSegment: 0, other: 0,
  };
  const player = dashjs.MediaPlayer().create();
  player.updateSettings({
    debug: { logLevel: dashjs.Debug.LOG_LEVEL_NONE },
    streaming: {
      abr: { autoSwitchBitrate: { video: false, audio: false }, initialBitrate: { video: 1 } },
      buffer: { bufferTimeDefault: 2, bufferTimeAtTopQuality: 2, bufferTimeAtTopQualityLongForm: 2 },
      retryAttempts: never,
    },
  });
  player.on(dashjs.MediaPlayer.events.ERROR, ({ error }) => {
    problem(`${error.code ?? ''}: ${error.message ?? error}`, true);
  });
  player.on(dashjs.MediaPlayer.events.STREAM_INITIALIZED, () => {
    const levels = player.getRepresentationsByType('video').map((one) => ({
      at: one.index, bandwidth_bps: one.bandwidth, width: one.width, height: one.height, codecs: one.codecs,
    }));
    resolve({
      version: player.getVersion(),
      levels,
      sounds: () => player.getTracksFor('audio').length,
      go_to: (level) => player.setRepresentationForTypeByIndex('video', level.at),
      close: () => player.destroy(),
    });
  });
  player.initialize(video, url, false);
});
