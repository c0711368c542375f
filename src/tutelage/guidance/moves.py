"""Does this text tell, share, or ask?"""

VERSION = "moves-1"
