"""What is asked of the console by a command, without its being served."""
