// Opens an HLS playlist with hls.js, at its lowest level, with little buffered ahead and no second try of a request.
'use strict';

window.open_manifest = (video, url, problem) => new Promise((resolve) => {
  const once = { default: {
    maxTimeToFirstByteMs: 20000, maxLoadTimeMs: 20000, timeoutRetry: null, errorRetry: null,
  } };
  const hls = new Hls({
    startLevel: 0, maxBufferLength: 2, maxMaxBufferLength: 2, capLevelToPlayerSize: false,
    manifestLoadPolicy: once, playlistLoadPolicy: once, fragLoadPolicy: once,
  });
  hls.on(Hls.Events.ERROR, (_, error) => {
    const harmless = [ // a busy machine stalls, and goes on; a switch drops what is still being loaded
      Hls.ErrorDetails.BUFFER_STALLED_ERROR, Hls.ErrorDetails.INTERNAL_ABORTED,
    ].includes(error.details);
    if (error.fatal || !harmless) {
      problem([error.type, error.details, error.error?.message, error.url ?? error.frag?.url].join(': '), error.fatal);
    }
  });
  hls.on(Hls.Events.MANIFEST_PARSED, () => {
    const levels = hls.levels.map((level, at) => ({
      at, bandwidth_bps: level.bitrate, width: level.width, height: level.height,
      codecs: level.attrs.CODECS ?? '',
    }));
    hls.nextLevel = 0;
    resolve({
      version: Hls.version,
      levels,
      sounds: () => hls.audioTracks.length,
      go_to: (level) => { hls.nextLevel = level.at; },
      close: () => hls.destroy(),
    });
  });
  hls.attachMedia(video);
  hls.loadSource(url);
});
