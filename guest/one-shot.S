# The LAPIC timer in one-shot mode: each tick arms the next.

        .set    APIC, 1
        .set    TIMER, 1
        .set    HANDLER_WORKS, 1
        .set    ARMS_EACH_TICK, 1
        .include "long64.inc"
        .include "tsc.inc"
        .include "timer.inc"
        .include "lapic-timer.inc"

main:
        call    install_idt
        call    program_apics
        mov     $TIMER_ONE_SHOT, %eax
        call    program_timer
        call    report_ready
        jmp     take_ticks

arm:    mov     period, %eax
        jmp     count_down

disarm: ret                                           # the timer has expired
