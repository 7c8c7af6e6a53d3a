"""Sentences as one small network of words, which a recognizer follows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sandbox.alexa.audio.sentences import (
    ASKINGS,
    JOININGS,
    OPENINGS,
    Fillings,
    Sentence,
    Symbol,
)

START, END = 0, 1
# From, to, and the word between; None where nothing is said.
Arc = tuple[int, int, str | None]
# A node while sentences are put together: symbol to node, "" where a sentence may end.
_Tree = dict[str, "_Tree"]


@dataclass
class Network:
    """States and arcs; no two arcs without a word follow each other, as pocketsphinx needs it."""

    arcs: list[Arc] = field(default_factory=list)
    states: int = 2

    def state(self) -> int:
        """One more state."""
        self.states += 1
        return self.states - 1

    def add(self, start: int, end: int, said: Iterable[str]) -> None:
        """The words, one after the other."""
        row = list(said)
        for at, word in enumerate(row):
            here = end if at == len(row) - 1 else self.state()
            self.arcs.append((start, here, word))
            start = here

    @property
    def words(self) -> set[str]:
        """Every word that may be said."""
        return {word for _, _, word in self.arcs if word}


def network(sentences: Iterable[Sentence], fillings: Fillings) -> Network:
    """The network of the sentences, equal endings shared, slots filled."""
    net = Network()
    root = _Builder(net, fillings).states_of(_tree(sentences))
    net.arcs.append((START, root, None))
    return net


def called(net: Network, name: Sequence[str], woken: bool = True) -> Network:
    """The same, with "Alexa" before it (which may only be left out of what is `woken`), the skill
    opened by its name, and asked by its name.
    """
    root, awake = net.arcs[-1][1], net.state()
    asked, joined = net.state(), net.state()
    if not woken:
        net.arcs.pop()
    net.add(START, awake, ["alexa"])
    for start in (START, awake) if woken else (awake,):
        for verb in OPENINGS:
            net.add(start, END, [*verb.split(), *name])
        for verb in ASKINGS:
            net.add(start, asked, [*verb.split(), *name])
    for word in JOININGS:
        net.add(asked, joined, [word])
    net.arcs += [(state, root, None) for state in (awake, asked, joined)]
    return net


def accepts(net: Network, said: Iterable[str]) -> bool:
    """Whether the network knows the sentence."""
    follow: dict[tuple[int, str | None], list[int]] = {}
    for start, end, word in net.arcs:
        follow.setdefault((start, word), []).append(end)
    here = _reached({START}, follow)
    for word in said:
        here = _reached({end for state in here for end in follow.get((state, word), ())}, follow)
    return END in here


def _reached(states: set[int], follow: Mapping[tuple[int, str | None], list[int]]) -> set[int]:
    return states | {end for state in states for end in follow.get((state, None), ())}


def _tree(sentences: Iterable[Sentence]) -> _Tree:
    root: _Tree = {}
    for sentence in sentences:
        node = root
        for symbol in sentence:
            node = node.setdefault(symbol, {})
        node[""] = {}
    return root


class _Builder:
    """Turns trees into states: two nodes after which the same may be said are one state."""

    def __init__(self, net: Network, fillings: Fillings) -> None:
        self._net = net
        self._trees = {symbol: _tree(said) for symbol, said in fillings.items()}
        self._known: dict[tuple[tuple[Symbol, int], ...], int] = {}

    def states_of(self, node: _Tree) -> int:
        """The state of a node; what follows it is made before."""
        after = tuple(sorted((s, self.states_of(n)) if s else ("", END) for s, n in node.items()))
        if after not in self._known:
            self._known[after] = state = self._net.state()
            for symbol, end in after:
                self._follow(state, end, symbol)
        return self._known[after]

    def _follow(self, start: int, end: int, symbol: Symbol) -> None:
        if symbol in self._trees:
            self._fill(start, end, self._trees[symbol])
        else:
            self._net.arcs.append((start, end, symbol or None))

    def _fill(self, start: int, end: int, values: _Tree) -> None:
        for word, rest in values.items():
            if not word:
                continue
            if "" in rest:
                self._net.arcs.append((start, end, word))
            if set(rest) - {""}:
                inner = self._net.state()
                self._net.arcs.append((start, inner, word))
                self._fill(inner, end, rest)
