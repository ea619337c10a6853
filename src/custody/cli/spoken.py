"""click in two languages: the headings of its help and what it says of a wrong call."""

from collections.abc import Sequence

import click

from custody.base.errors import CustodyError
from custody.cli.words import Words

_HELP = Words("显示这段说明", "Show this message and exit.")
_OPTIONS = Words("选项", "Options")
_COMMANDS = Words("命令", "Commands")
_USAGE = Words("用法：", "Usage: ")


class SpokenCommand(click.Command):
    """A command whose help is in the language it was made for."""

    lang: str = "en"

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The first line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=_USAGE.of(self.lang))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each option on a line."""
        with formatter.section(_OPTIONS.of(self.lang)):
            options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
            formatter.write_dl([told for one in options if (told := one.get_help_record(ctx)) is not None])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, told in the language."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _HELP.of(self.lang)
        return option


class SpokenGroup(SpokenCommand, click.Group):
    """A group of such commands."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then what can follow."""
        super().format_options(ctx, formatter)
        known = [(name, command) for name in self.list_commands(ctx) if (command := self.get_command(ctx, name))]
        with formatter.section(_COMMANDS.of(self.lang)):
            formatter.write_dl([(name, command.get_short_help_str(formatter.width)) for name, command in known])


def usage(error: click.ClickException, lang: str) -> CustodyError:
    """What click found wrong with the call, as an error of kind input."""
    told = CustodyError("cli.usage", error.format_message(), next="custody --help")
    told.exit_code = 2
    told.message = _said(error).of(lang)
    return told


def _said(error: click.ClickException) -> Words:
    english = error.format_message()
    match error:
        case click.NoSuchOption(option_name=name, possibilities=near):
            return Words(f"没有选项 {name}{_near(near)}。", english)
        case click.MissingParameter():
            return Words(f"缺少{_name(error)}。", english)
        case click.BadParameter():
            return Words(f"{_name(error)}的值不能用。", english)
        case click.BadOptionUsage(option_name=name):
            return Words(f"选项 {name} 后面缺少值，或多写了值。", english)
        case _:
            return Words("命令写法不对：没有这个命令，或多写了参数。", english)


def _near(names: Sequence[str] | None) -> str:
    return f"（是不是 {'、'.join(names)}？）" if names else ""


def _name(error: click.BadParameter) -> str:
    return (
        " " + error.param.get_error_hint(error.ctx) + " "
        if error.param is not None and error.ctx is not None
        else "参数"
    )
