"""The third-party clips (clips/LICENCES.txt) and how many pictures ffmpeg decodes of each."""

from pathlib import Path

HERE = Path(__file__).parent / "clips"
BUNNY = Path(__file__).parents[2] / "deploy" / "local" / "media" / "big_buck_bunny_30s.webm"
PORTRAIT = HERE / "04_iphone_portrait_rot90.MOV"
SOUND_ONLY = HERE / "07_encore_audioonly_aac_ac3_51.mp4"
BROKEN = HERE / "11_truncated_broken.mp4"
NO_FRAMES = HERE / "12_zero_video_frames.ts"
TEST_CARD = HERE / "26_smpte_1080p25.mp4"
FRAMES = {
    HERE / "01_vfr_awesome_movie.mov": 123,
    PORTRAIT: 62,
    HERE / "09_hevc_10bit.mp4": 30,
    HERE / "14_audio_starts_244ms_late_noduration.mkv": 100,
    HERE / "17_cover_art_second_video_stream.mp4": 60,
    HERE / "19_plain_30s_270p_stereo.mp4": 901,
    HERE / "22_mov_text_subtitle.mp4": 40,
    TEST_CARD: 251,
    HERE / "27_edit_list.mp4": 225,
    HERE / "te[s]t_ video ' _ .flv": 10,
    BUNNY: 720,
}
