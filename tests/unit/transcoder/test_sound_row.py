"""A sound of several sources to an ffmpeg command, compared whole."""

from fractions import Fraction
from pathlib import Path

from contracts.parameters import Loudness
from contracts.units import AudioEncode, AudioIn, EncodeOutput, SoundPiece, SoundRow, Source, TranscodeWork
from services.transcoder.beside import Beside
from services.transcoder.encoders import Tuning
from services.transcoder.graph import command
from services.transcoder.loudness import measuring_stream
from services.transcoder.sound_row import in_a_row
from shared.command import FORMATS

HEAD, FILM = (Source(url=f"file:///{name}.mp4", size_bytes=1) for name in ("head", "film"))
SOURCES = {HEAD.url: Path("/head.mp4"), FILM.url: Path("/film.mp4")}
ROW = SoundRow(
    pieces=[
        SoundPiece(source=HEAD, audio=AudioIn(index=1, start_s=0.5, end_s=1.0), duration_s=Fraction(1, 3)),
        SoundPiece(source=FILM, audio=AudioIn(index=2, start_s=9.0, end_s=11.0, seek_s=8.0), duration_s=Fraction(2)),
        SoundPiece(source=Source(url="file:///mute.mp4", size_bytes=1), duration_s=Fraction(1, 3)),
    ],
    sample_rate_hz=48000,
    channels=2,
)
START = "ffmpeg -hide_banner -nostdin -loglevel {} -nostats -progress pipe:1 -stats_period 0.5"
OPEN = f"-format_whitelist {FORMATS}"
SEEK = "-noaccurate_seek -protocol_whitelist file -seek_timestamp 1 -ss 8.000000 -i file:/film.mp4"


def work(*encodes: AudioEncode) -> TranscodeWork:
    outputs = [EncodeOutput(name=f"sound-{n}", audio=audio) for n, audio in enumerate(encodes)]
    return TranscodeWork(source=FILM, row=ROW, outputs=outputs)


def form(rate: int, layout: str) -> str:
    """What every source's sound is brought to."""
    return f"aformat=channel_layouts={layout}:sample_fmts=fltp:sample_rates={rate}"


def test_each_piece_is_made_as_long_as_its_pictures() -> None:
    """Borders are rounded where they are: 1/3 s is 14700 samples at 44100 Hz, wherever it begins."""
    made = command(
        work(AudioEncode(sample_rate_hz=44100, channels=1)),
        Path("/film.mp4"),
        {"sound-0": Path("/w/0.mp4")},
        Tuning(),
        sources=SOURCES,
    )
    holes, mono = "aresample=44100:async=1:first_pts=0:min_comp=0.00001", form(44100, "mono")
    graph = (
        "[0:1]atrim=end=1.000000:start=0.500000[s0];[s0]asetpts=PTS-(0.500000)/TB[s1];"
        f"[s1]{holes}[s2];[s2]{mono}[s3];[s3]apad=whole_len=14700[s4];[s4]atrim=end_sample=14700[s5];[s5]asetpts=N[s6];"
        "[1:2]atrim=end=11.000000:start=9.000000[s7];[s7]asetpts=PTS-(9.000000)/TB[s8];"
        f"[s8]{holes}[s9];[s9]{mono}[s10];[s10]apad=whole_len=88200[s11];[s11]atrim=end_sample=88200[s12];"
        "[s12]asetpts=N[s13];[2:0]aformat=sample_fmts=fltp[s14];[s14]apad=whole_len=14700[s15];"
        "[s15]atrim=end_sample=14700[s16];[s16]asetpts=N[s17];[s6][s13][s17]concat=a=1:n=3:v=0[s18]"
    )
    assert " ".join(made) == (
        f"{START.format('error')} -copyts {OPEN} -protocol_whitelist file -i file:/head.mp4 -copyts {OPEN} {SEEK} "
        f"-f lavfi -i anullsrc=r=44100:cl=mono -filter_complex {graph} -map [s18] -f mp4 -ac 1 -ar 44100 -c:a aac "
        "-map_chapters -1 -map_metadata -1 file:/w/0.mp4 -y"
    )


def test_outputs_of_one_form_share_it_and_each_gets_its_gain() -> None:
    """What an output leaves open is as the row says; a clip that comes twice is read once."""
    loud = AudioEncode(loudness=Loudness())
    again = ROW.model_copy(update={"pieces": [ROW.pieces[1], ROW.pieces[1]]})
    row = work(AudioEncode(codec="opus"), loud).model_copy(update={"row": again})
    made = command(
        row,
        Path(),
        {f"sound-{n}": Path(f"/{n}") for n in (0, 1)},
        Tuning(),
        {"sound-1": Beside(gain_db=-3.5)},
        sources=SOURCES,
    )
    graph = made[made.index("-filter_complex") + 1]
    assert made.count("-i") == 1
    assert (
        "[s3]asplit=2[s4][s5]" in graph
        and "concat=a=1:n=2:v=0[s12];[s12]asplit=2[s13][s14];[s14]volume=-3.50dB" in graph
    )
    measured = measuring_stream(in_a_row(row, again, loud, SOURCES))
    assert measured[measured.index("-filter_complex") + 1].endswith(
        "concat=a=1:n=2:v=0[s12];[s12]loudnorm=print_format=json[s13]"
    )


def test_cut_edges_fade_within_their_piece() -> None:
    """5 ms are 240 samples at 48 kHz, of a shorter piece half at most."""
    faded = {"fade_in_s": Fraction(1, 200), "fade_out_s": Fraction(1, 200)}
    pieces = [ROW.pieces[0].model_copy(update={**faded, "duration_s": length}) for length in (1, Fraction(1, 480))]
    one = work(AudioEncode()).model_copy(update={"row": ROW.model_copy(update={"pieces": pieces[:1]})})
    made = command(one, Path(), {"sound-0": Path("/0")}, Tuning(), sources=SOURCES)
    graph = made[made.index("-filter_complex") + 1]
    fading = (
        "[s6]afade=nb_samples=240:start_sample=0:type=in[s7];[s7]afade=nb_samples=240:start_sample=47760:type=out[s8]"
    )
    assert graph.endswith(f"[s5]asetpts=N[s6];{fading}")
    short = one.model_copy(update={"row": ROW.model_copy(update={"pieces": pieces[1:]})})
    graph = " ".join(command(short, Path(), {"sound-0": Path("/0")}, Tuning(), sources=SOURCES))
    assert "nb_samples=50:start_sample=0" in graph and "nb_samples=50:start_sample=50" in graph
