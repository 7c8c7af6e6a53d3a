"""Really speaking to the box: answers through espeak-ng, commands through pocketsphinx."""
