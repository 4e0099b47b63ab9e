"""`python -m claimcheck`."""

if __name__ == "__main__":  # a worker process imports this module, too
    from claimcheck.cli import main

    main()
