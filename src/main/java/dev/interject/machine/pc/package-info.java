/**
 * A small PC around a guest that does not know Interject: its devices, their clock, and what CPUID shows.
 *
 * <p>It must not depend on a machine or its vCPUs.
 */
package dev.interject.machine.pc;
