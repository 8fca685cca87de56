# The PIT (8254) in the kernel: channel 0 as a rate generator, which pulses line 0.

        .set    TIMER, 1
        .set    HANDLER_WORKS, 1
        .include "long64.inc"
        .include "tsc.inc"
        .include "timer.inc"

        .set    PIT_CHANNEL_0,        0x40
        .set    PIT_CONTROL,          0x43
        .set    PIT_RATE_GENERATOR,   0x34            # channel 0, low byte then high byte, mode 2, binary

main:
        call    install_idt
        call    program_pics
        call    report_ready
        jmp     take_ticks

arm:    pic_out PIT_RATE_GENERATOR, PIT_CONTROL
        mov     period, %eax
        out     %al, $PIT_CHANNEL_0
        mov     %ah, %al
        out     %al, $PIT_CHANNEL_0
        ret

disarm: pic_out 0xff, PIC_MASTER_DATA                 # an 8254 cannot be stopped; masks its line instead
        ret
