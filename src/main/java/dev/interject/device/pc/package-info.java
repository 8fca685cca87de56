/**
 * The devices of a small PC, one a file. They know nothing of KVM and depend only on the JDK: interrupt lines, clocks
 * and consoles are passed to them.
 */
package dev.interject.device.pc;
