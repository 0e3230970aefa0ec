// Plays a manifest to its end, from the lowest level up through every other and down again, and tells what was seen.
'use strict';

const FIRST_SWITCH = 0.15; // of the duration, as is the next
const LAST_SWITCH = 0.6;

const of_ranges = (ranges) => Array.from({ length: ranges.length }, (_, at) => [ranges.start(at), ranges.end(at)]);

/** What was on the screen, as runs of pictures of one size: media times of the first and the last. */
function shown_by(video) {
  const runs = [];
  const look = (_, picture) => {
    const last = runs.at(-1);
    if (last && last.width === picture.width && last.height === picture.height) {
      last.to_s = picture.mediaTime;
      last.pictures += 1;
    } else {
      const { width, height, mediaTime } = picture;
      runs.push({ width, height, from_s: mediaTime, to_s: mediaTime, pictures: 1 });
    }
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  return runs;
}

/** Ends with the first fatal error, at the end, or when nothing has moved for `patience_s`. */
window.watch = async (url, rate, patience_s) => {
  const video = document.getElementById('video');
  const problems = [];
  const seeks = [];
  let over;
  const finished = new Promise((resolve) => { over = resolve; });
  const problem = (text, fatal) => {
    problems.push(text);
    if (fatal) over();
  };
  video.addEventListener('error', () => problem(`video element: ${video.error.code} ${video.error.message}`, true));
  video.addEventListener('ended', () => over());

  let moved = performance.now();
  const alive = setInterval(() => {
    if (performance.now() - moved > patience_s * 1000) {
      const held = JSON.stringify(of_ranges(video.buffered));
      problem(`nothing moved at ${video.currentTime} s, rate ${video.playbackRate}, buffered ${held}`, true);
    }
  }, 200);
  const player = await Promise.race([window.open_manifest(video, url, problem), finished]);
  const levels = (player?.levels ?? []).slice().sort((one, other) => one.bandwidth_bps - other.bandwidth_bps);
  if (player) {
    const tour = [...levels.slice(1), levels[0]];
    const marks = tour.map((_, at) => FIRST_SWITCH + (LAST_SWITCH - FIRST_SWITCH) * at / Math.max(1, tour.length - 1));
    const runs = shown_by(video);
    let playing = false;
    video.addEventListener('playing', () => { playing = true; });
    video.addEventListener('seeking', () => { if (playing) seeks.push(video.currentTime); });
    video.addEventListener('timeupdate', () => {
      moved = performance.now();
      if (tour.length && video.currentTime >= marks[0] * video.duration) {
        player.go_to(tour.shift());
        marks.shift();
      }
    });
    video.defaultPlaybackRate = rate;
    video.playbackRate = rate;
    video.play().catch((error) => problem(`play(): ${error.message}`, true));
    await finished;
    player.runs = runs;
  }
  clearInterval(alive);
  const quality = video.getVideoPlaybackQuality();
  const seen = {
    player: player?.version ?? '',
    ended: video.ended,
    duration_s: Number.isFinite(video.duration) ? video.duration : 0,
    played_s: of_ranges(video.played),
    shown: player?.runs ?? [],
    levels: levels.map(({ at, ...level }) => level),
    sounds: player?.sounds() ?? 0,
    sound_bytes: video.webkitAudioDecodedByteCount,
    pictures: quality.totalVideoFrames,
    corrupted: quality.corruptedVideoFrames,
    seeks,
    problems,
  };
  player?.close();
  return seen;
};
