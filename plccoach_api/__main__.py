from plccoach_api.cli import main

main()
