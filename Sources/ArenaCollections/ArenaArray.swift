import BumpArena
