"""An assistant that answers Dutch questions from NOV's documents, with citations."""
